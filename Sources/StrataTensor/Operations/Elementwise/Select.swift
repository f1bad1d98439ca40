internal import CStrataKernels

/// `condition != 0 ? a : b`, elementwise and broadcast; no gradient to the condition.
package struct Select: Operation, ElementwiseOperation {
  package var name: String { "select" }
  package var microOperationCode: Int32 { Int32(STRATA_EW_SELECT.rawValue) }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands.allSatisfy({ $0.element == .float32 }) else {
      throw fail("float32 operands", operands)
    }
    guard let branches = operands[1].shape.broadcast(with: operands[2].shape),
      let shape = operands[0].shape.broadcast(with: branches)
    else { throw fail("shapes that broadcast", operands) }
    return TensorType(shape)
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (condition, g) = (site.operands[0], site.upstream)
    return [
      nil,
      site.isNeeded[1]
        ? Tensor.select(condition, g, 0).summed(to: site.operands[1].shape) : nil,
      site.isNeeded[2]
        ? Tensor.select(condition, 0, g).summed(to: site.operands[2].shape) : nil,
    ]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let condition = operands[0].broadcast(to: type.shape)
    let a = operands[1].broadcast(to: type.shape)
    let b = operands[2].broadcast(to: type.shape)
    return .real(condition.indices.map { condition[$0] != 0 ? a[$0] : b[$0] })
  }
}

extension Tensor {
  /// `a` where the condition is not 0, else `b`.
  public static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    .apply(Select(), [condition, a, b])
  }
}
