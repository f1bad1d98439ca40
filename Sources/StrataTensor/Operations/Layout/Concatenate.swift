internal import CStrataKernels

/// The operands one after the other along an axis.
package struct Concatenation: Operation {
  package var axis: Int
  package var name: String { "concatenate" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard let first = operands.first, (0..<first.shape.rank).contains(axis) else {
      throw fail("tensors with an axis \(axis)", operands)
    }
    var shape = first.shape
    shape[axis] = 0
    for operand in operands {
      var rest = operand.shape
      guard rest.rank == shape.rank, operand.element == .float32 else {
        throw fail("float32 tensors of one rank", operands)
      }
      let size = rest[axis]
      rest[axis] = shape[axis]
      guard rest == shape else { throw fail("equal sizes but for axis \(axis)", operands) }
      shape[axis] += size
    }
    return TensorType(shape)
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    var start = 0
    return zip(site.operands, site.isNeeded).map { operand, isNeeded in
      defer { start += operand.shape[axis] }
      return isNeeded
        ? site.upstream.slice(axis: axis, start..<(start + operand.shape[axis])) : nil
    }
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    var result = [S](repeating: 0, count: type.shape.count)
    let strides = type.shape.strides
    var offset = 0
    for operand in operands {
      let places = operand.shape.indices(strides: strides)
      for (value, place) in zip(operand.reals, places) { result[offset + place] = value }
      offset += operand.shape[axis] * strides[axis]
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let strides = site.result.type.shape.strides
    var offset = 0
    for operand in site.operands {
      let shape = operand.type.shape
      program.copy(
        to: site.result.advanced(by: offset), strides: strides, from: operand,
        strides: shape.strides, shape: shape)
      offset += shape[axis] * strides[axis]
    }
  }
}

extension Tensor {
  /// The tensors one after the other along `axis`.
  public static func concatenate(_ tensors: [Tensor], axis: Int = -1) -> Tensor {
    guard let first = tensors.first else {
      let error = OperationError(
        operation: "concatenate", reason: "at least one tensor", found: "none")
      return Tensor(TensorType([0]), .failed(error))
    }
    if tensors.count == 1 { return first }
    return .apply(Concatenation(axis: axis < 0 ? axis + first.rank : axis), tensors)
  }

  /// Equal shapes along a new axis; a negative one counts from the end of the result's.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    let rank = tensors.map(\.rank).min() ?? 0
    let place = axis < 0 ? axis + rank + 1 : axis
    guard (0...rank).contains(place) else {
      return .failed(
        OperationError(operation: "stack", reason: "an axis from 0 to \(rank)", found: "\(axis)"))
    }
    return concatenate(
      tensors.map { tensor in
        var dimensions = tensor.shape.dimensions
        dimensions.insert(1, at: place)
        return tensor.reshaped(Shape(dimensions))
      }, axis: place)
  }
}
