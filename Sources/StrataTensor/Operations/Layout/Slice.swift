internal import CStrataKernels

/// A box of the operand: `size[a]` elements from `start[a]` along every axis.
package struct Slice: Operation, ViewOperation {
  package var start: [Int]
  package var size: [Int]
  package var name: String { "slice" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let shape = operands[0].shape
    guard operands[0].element == .float32, start.count == shape.rank, size.count == shape.rank,
      shape.dimensions.indices.allSatisfy({
        start[$0] >= 0 && size[$0] >= 0 && start[$0] + size[$0] <= shape[$0]
      })
    else { throw fail("a float32 tensor that holds \(size) from \(start)", operands) }
    return TensorType(Shape(size))
  }

  /// A range of the first axis longer than 1, everything after it whole.
  package func blockOffset(_ operands: [TensorType]) -> Int? {
    let shape = operands[0].shape
    guard let cut = size.firstIndex(where: { $0 != 1 }) ?? size.indices.last,
      size[cut...].dropFirst() == shape.dimensions[cut...].dropFirst(), !size.contains(0)
    else { return nil }
    return zip(start, shape.strides).map(*).reduce(0, +)
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let shape = site.operands[0].shape
    let after = shape.dimensions.indices.map { shape[$0] - start[$0] - size[$0] }
    return [site.upstream.padded(before: start, after: after)]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let source = operands[0].shape
    let offset = zip(start, source.strides).map(*).reduce(0, +)
    let x = operands[0].reals
    return .real(type.shape.indices(strides: source.strides).map { x[offset + $0] })
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let source = site.operands[0].type.shape
    let offset = zip(start, source.strides).map(*).reduce(0, +)
    program.copy(
      to: site.result, strides: site.result.type.shape.strides,
      from: site.operands[0].advanced(by: offset), strides: source.strides,
      shape: site.result.type.shape)
  }
}

/// The operand inside a larger box of zeros.
package struct Pad: Operation {
  package var before: [Int]
  package var after: [Int]
  package var name: String { "pad" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let shape = operands[0].shape
    guard operands[0].element == .float32, before.count == shape.rank, after.count == shape.rank,
      (before + after).allSatisfy({ $0 >= 0 })
    else { throw fail("float32 with \(before.count) axes to pad", operands) }
    return TensorType(Shape(shape.dimensions.indices.map { before[$0] + shape[$0] + after[$0] }))
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [site.upstream.slice(start: before, size: site.operands[0].shape.dimensions)]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    var result = [S](repeating: 0, count: type.shape.count)
    let offset = zip(before, type.shape.strides).map(*).reduce(0, +)
    let places = operands[0].shape.indices(strides: type.shape.strides)
    for (value, place) in zip(operands[0].reals, places) { result[offset + place] = value }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let (result, source) = (site.result.type.shape, site.operands[0].type.shape)
    let offset = zip(before, result.strides).map(*).reduce(0, +)
    program.fill(site.result, with: 0)
    program.copy(
      to: site.result.advanced(by: offset), strides: result.strides, from: site.operands[0],
      strides: source.strides, shape: source)
  }
}

/// The elements of the axes in `axes` in reverse order.
package struct Reverse: Operation {
  package var axes: [Int]
  package var name: String { "reverse" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].element == .float32,
      axes.allSatisfy({ (0..<operands[0].shape.rank).contains($0) })
    else { throw fail("float32 with the axes \(axes)", operands) }
    return operands[0]
  }
  package func derivative(_ site: DerivativeSite) -> [Tensor?] { [site.upstream.reversed(axes)] }

  private func view(_ shape: Shape) -> (offset: Int, strides: [Int]) {
    var strides = shape.strides
    var offset = 0
    for axis in axes {
      offset += strides[axis] * Swift.max(shape[axis] - 1, 0)
      strides[axis] = -strides[axis]
    }
    return (offset, strides)
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (offset, strides) = view(type.shape)
    let x = operands[0].reals
    return .real(type.shape.indices(strides: strides).map { x[offset + $0] })
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let shape = site.result.type.shape
    let (offset, strides) = view(shape)
    program.copy(
      to: site.result, strides: shape.strides, from: site.operands[0].advanced(by: offset),
      strides: strides, shape: shape)
  }
}

extension Tensor {
  /// `size[a]` elements from `start[a]` along every axis.
  public func slice(start: [Int], size: [Int]) -> Tensor {
    size == shape.dimensions ? self : .apply(Slice(start: start, size: size), [self])
  }

  /// The range of one axis.
  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    let axis = axis < 0 ? axis + rank : axis
    var (start, size) = ([Int](repeating: 0, count: rank), shape.dimensions)
    guard (0..<rank).contains(axis) else {
      return failing(Slice(start: start, size: size).fail("an axis \(axis)", [type]))
    }
    (start[axis], size[axis]) = (range.lowerBound, range.count)
    return slice(start: start, size: size)
  }

  /// One index of an axis, the axis removed.
  public func element(_ index: Int, axis: Int) -> Tensor {
    let axis = axis < 0 ? axis + rank : axis
    let one = slice(axis: axis, index..<(index + 1))
    var dimensions = shape.dimensions
    if dimensions.indices.contains(axis) { dimensions.remove(at: axis) }
    return one.reshaped(Shape(dimensions))
  }

  /// Zeros added before and after each axis.
  public func padded(before: [Int], after: [Int]) -> Tensor {
    (before + after).allSatisfy { $0 == 0 }
      ? self : .apply(Pad(before: before, after: after), [self])
  }

  /// The given axes in reverse order.
  public func reversed(_ axes: [Int]) -> Tensor {
    .apply(Reverse(axes: axes.map { $0 < 0 ? $0 + rank : $0 }), [self])
  }
}
