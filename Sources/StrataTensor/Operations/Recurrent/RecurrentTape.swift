internal import CStrataKernels

/// Runs a recurrent cell over all time steps from zero states: states and gates, as a flat tape.
///
///     x [time, batch, gates·units] (the products of the inputs)    u [units, gates·units]
///     bias [gates·units], twice that for a GRU that resets after    mask [time, batch], optional
///
/// A step's sums are `x + bias` continued by the product with h; where a GRU resets after its
/// product, that product starts with the second bias and is added. Where the mask is 0, the states
/// stay. The derivative is that of `RecurrentOutput`.
package struct RecurrentTape: Operation {
  package var cell: RecurrentCell
  package var name: String { "recurrent" }

  func shape(_ operands: [TensorType]) -> RecurrentShape? {
    guard operands.count == 3 || operands.count == 4,
      operands.allSatisfy({ $0.element == .float32 }), operands[0].shape.rank == 3,
      operands[1].shape.rank == 2
    else { return nil }
    let (x, u) = (operands[0].shape, operands[1].shape)
    let shape = RecurrentShape(cell: cell, time: x[0], batch: x[1], units: u[0])
    guard x[0] > 0, x[2] == shape.width, u[1] == shape.width,
      operands[2].shape.count == cell.biasRows * shape.width,
      operands.count == 3 || operands[3].shape == [x[0], x[1]]
    else { return nil }
    return shape
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard let shape = shape(operands) else {
      throw fail(
        "float32 x [time, batch, \(cell.gateCount)·units], weights, bias and mask to match",
        operands)
    }
    return TensorType([shape.tapeCount])
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] { site.operands.map { _ in nil } }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    guard let shape = shape(operands.map { TensorType($0.shape) }) else { return .real([]) }
    var reference = RecurrentReference(
      shape, weights: operands[1].reals, mask: operands.count > 3 ? operands[3].reals : nil,
      tape: [S](repeating: 0, count: shape.tapeCount))
    reference.run(operands[0].reals, bias: operands[2].reals)
    return .real(reference.tape)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    guard let shape = shape(site.operands.map(\.type)) else { return }
    program.append(STRATA_RECURRENT, [site.result] + site.operands, sizes: shape.sizes())
  }
}
