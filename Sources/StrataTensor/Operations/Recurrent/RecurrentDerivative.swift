internal import CStrataKernels

/// The gradients of a recurrent layer's sums, from the last time step to the first.
///
///     dy [time, batch, units], or [batch, units] of the last step    tape    u    mask, optional
///
/// The result is flat: `[time, batch, gates·units]`, and likewise those of the recurrent products
/// alone for a GRU that resets after.
package struct RecurrentDerivative: Operation {
  package var cell: RecurrentCell
  package var time: Int, batch: Int
  package var lastOnly: Bool
  package var name: String { "recurrent derivative" }

  func shape(units: Int) -> RecurrentShape {
    RecurrentShape(cell: cell, time: time, batch: batch, units: units)
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let shape = shape(units: operands[2].shape[0])
    guard operands.allSatisfy({ $0.element == .float32 }),
      operands[0].shape.count == (lastOnly ? 1 : time) * shape.state,
      operands[1].shape.count == shape.tapeCount
    else { throw fail("the gradient of the result and its tape", operands) }
    return TensorType([cell.biasRows * time * batch * shape.width])
  }

  /// A second derivative of recurrent layers is not available.
  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let failure = OperationError(
      operation: name, reason: "first derivatives only", found: "a derivative of a derivative")
    return site.operands.map { $0.failing(failure) }
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    var reference = RecurrentReference(
      shape(units: operands[2].shape[0]), weights: operands[2].reals,
      mask: operands.count > 3 ? operands[3].reals : nil, tape: operands[1].reals)
    return .real(reference.derivative(operands[0].reals, lastOnly: lastOnly))
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let shape = shape(units: site.operands[2].type.shape[0])
    program.append(
      STRATA_RECURRENT_GRAD, [site.result] + site.operands,
      sizes: shape.sizes(lastOnly: lastOnly))
  }
}
