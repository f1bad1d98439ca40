internal import CStrataKernels

/// The axes in another order.
package struct Transpose: Operation {
  package var permutation: [Int]
  package var name: String { "transpose" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard permutation.sorted() == Array(0..<operands[0].shape.rank), operands[0].element == .float32
    else { throw fail("a float32 tensor with the axes \(permutation)", operands) }
    return TensorType(Shape(permutation.map { operands[0].shape[$0] }))
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    var inverse = permutation
    for (position, axis) in permutation.enumerated() { inverse[axis] = position }
    return [site.upstream.transposed(inverse)]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let source = sourceStrides(inverseShape(type.shape))
    let x = operands[0].reals
    return .real(type.shape.indices(strides: source).map { x[$0] })
  }

  private func inverseShape(_ result: Shape) -> Shape {
    var shape = result
    for (position, axis) in permutation.enumerated() { shape[axis] = result[position] }
    return shape
  }
  private func sourceStrides(_ shape: Shape) -> [Int] { permutation.map { shape.strides[$0] } }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let shape = site.result.type.shape
    program.copy(
      to: site.result, strides: shape.strides, from: site.operands[0],
      strides: sourceStrides(site.operands[0].type.shape), shape: shape)
  }
}

extension Tensor {
  /// The axes in the order of `permutation`.
  public func transposed(_ permutation: [Int]) -> Tensor {
    permutation == Array(0..<rank) ? self : .apply(Transpose(permutation: permutation), [self])
  }
}
