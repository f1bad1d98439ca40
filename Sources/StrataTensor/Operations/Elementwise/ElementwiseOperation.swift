internal import CStrataKernels

/// An operation on elements of one index space: one micro-operation, which the plan fuses in chains.
package protocol ElementwiseOperation: Operation {
  /// The `strata_micro_op` that computes it.
  var microOperationCode: Int32 { get }
}

extension ElementwiseOperation {
  /// Whether computing it again costs no more than reading a stored value.
  var isCheap: Bool {
    switch strata_micro_op(rawValue: UInt32(bitPattern: microOperationCode)) {
    case STRATA_EW_DIV, STRATA_EW_POW, STRATA_EW_SQRT, STRATA_EW_EXP, STRATA_EW_LOG,
      STRATA_EW_LOG1P, STRATA_EW_EXPM1, STRATA_EW_TANH, STRATA_EW_SIGMOID, STRATA_EW_ERF,
      STRATA_EW_SIN, STRATA_EW_COS:
      false
    default: true
    }
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    var chain = ElementwiseChain(shape: site.result.type.shape)
    let operands = site.operands.map { chain.load($0) }
    chain.store(chain.append(microOperationCode, operands), to: site.result)
    program.append(chain)
  }
}

/// The same value, through which no gradient flows.
package struct Detach: Operation, ElementwiseOperation {
  package var name: String { "detach" }
  /// A load is a copy.
  package var microOperationCode: Int32 { ElementwiseChain.copyCode }
  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    operands[0]
  }
  package func derivative(_ site: DerivativeSite) -> [Tensor?] { [nil] }
  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> { operands[0] }
}

/// Repeats values along axes of size 1 and new leading axes.
package struct Broadcast: Operation, ElementwiseOperation {
  package var shape: Shape
  package var name: String { "broadcast" }
  package var microOperationCode: Int32 { ElementwiseChain.copyCode }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].element == .float32, operands[0].shape.broadcast(with: shape) == shape else {
      throw fail("a float32 shape that broadcasts to \(shape)", operands)
    }
    return TensorType(shape)
  }
  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [site.upstream.summed(to: site.operands[0].shape)]
  }
  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> { .real(operands[0].broadcast(to: shape)) }
}

extension Tensor {
  /// The same value as a constant of differentiation.
  public func detached() -> Tensor { .apply(Detach(), [self]) }

  /// Repeated along axes of size 1 and new leading axes.
  public func broadcast(to shape: Shape) -> Tensor {
    self.shape == shape ? self : .apply(Broadcast(shape: shape), [self])
  }

  /// The sum over the axes that broadcasting to this shape from `shape` had repeated.
  package func summed(to shape: Shape) -> Tensor {
    guard self.shape != shape else { return self }
    let shift = rank - shape.rank
    let axes = (0..<rank).filter { axis in
      axis < shift || (shape.dimensions[axis - shift] == 1 && self.shape.dimensions[axis] != 1)
    }
    let summed = axes.isEmpty ? self : sum(axes: axes)
    return summed.reshaped(shape)
  }
}
