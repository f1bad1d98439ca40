/// An operation whose result lies in its first operand, one block of it: a plan makes no copy.
package protocol ViewOperation: Operation {
  /// The elements before the block; nil where the result is not one block.
  func blockOffset(_ operands: [TensorType]) -> Int?
}

/// The same elements under another shape; no copy.
package struct Reshape: Operation, ViewOperation {
  package var shape: Shape
  package var name: String { "reshape" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].shape.count == shape.checkedCount else {
      let count = shape.checkedCount.map { "\($0) elements" } ?? "a possible number of elements"
      throw fail("\(count) for shape \(shape)", operands)
    }
    return TensorType(shape, operands[0].element)
  }
  package func blockOffset(_ operands: [TensorType]) -> Int? { 0 }
  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [site.upstream.reshaped(site.operands[0].shape)]
  }
  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> { operands[0] }

  /// The plan lets the result share the operand's place, so there is nothing to do.
  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {}
}

extension Tensor {
  /// The same elements under `shape`; one size may be -1 and follows from the others.
  public func reshaped(_ shape: Shape) -> Tensor {
    var shape = shape
    if let open = shape.dimensions.firstIndex(of: -1) {
      var known = shape
      known.dimensions.remove(at: open)
      // Where it does not divide, the shape stays as asked for and is refused.
      guard let size = known.checkedCount, size > 0, self.shape.count.isMultiple(of: size) else {
        return .apply(Reshape(shape: shape), [self])
      }
      shape.dimensions[open] = self.shape.count / size
    }
    return shape == self.shape ? self : .apply(Reshape(shape: shape), [self])
  }
}
