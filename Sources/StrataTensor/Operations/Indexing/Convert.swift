internal import CStrataKernels

/// Int32 to Float32 or back (toward zero; out of range or NaN gives 0).
package struct Convert: Operation {
  package var target: ElementType
  package var name: String { "convert" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].element != target else { throw fail("another type than \(target)", operands) }
    return TensorType(operands[0].shape, target)
  }
  package func derivative(_ site: DerivativeSite) -> [Tensor?] { [nil] }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    switch target {
    case .float32: .real(operands[0].integers.map { S($0) })
    case .int32: .integer(operands[0].reals.map { Int32(exactly: $0.rounded(.towardZero)) ?? 0 })
    }
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    program.append(
      target == .float32 ? STRATA_INT_TO_FLOAT : STRATA_FLOAT_TO_INT,
      [site.result, site.operands[0]], sizes: [site.result.type.shape.count])
  }
}

extension Tensor {
  public func asFloat32() -> Tensor {
    element == .float32 ? self : .apply(Convert(target: .float32), [self])
  }
  public func asInt32() -> Tensor {
    element == .int32 ? self : .apply(Convert(target: .int32), [self])
  }
}
