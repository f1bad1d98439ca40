/// The outputs of a recurrent layer, cut from its tape: `[time, batch, units]`, or the last one.
///
/// Its operands are the tape and what the tape was made from, to which the derivative goes
/// directly:
///
///     dx from the last time step to the first    dU = Σ h·dx    dbias = Σ dx
///
/// dU is one product whose sum runs over (time step, sample) in ascending order.
package struct RecurrentOutput: Operation, ViewOperation {
  package var cell: RecurrentCell
  package var lastOnly: Bool
  package var name: String { "recurrent output" }

  private func shape(_ operands: [Shape]) -> RecurrentShape {
    RecurrentShape(
      cell: cell, time: operands[1][0], batch: operands[1][1], units: operands[2][0])
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let shape = shape(operands.map(\.shape))
    guard operands[0].shape.count == shape.tapeCount else {
      throw fail("a tape and its operands", operands)
    }
    let step = [shape.batch, shape.units]
    return TensorType(Shape(lastOnly ? step : [shape.time] + step))
  }

  package func blockOffset(_ operands: [TensorType]) -> Int? {
    let shape = shape(operands.map(\.shape))
    return (lastOnly ? shape.time : 1) * shape.state
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (tape, u) = (site.operands[0], site.operands[2])
    let shape = shape(site.operands.map(\.shape))
    let derivative = RecurrentDerivative(
      cell: cell, time: shape.time, batch: shape.batch, lastOnly: lastOnly)
    let sums = Tensor.apply(derivative, [site.upstream, tape, u] + site.operands.dropFirst(4))
    let rows = shape.time * shape.batch
    func block(_ source: Tensor, _ start: Int, _ width: Int) -> Tensor {
      source.slice(axis: 0, start..<(start + rows * width)).reshaped([rows, width])
    }
    let dx = block(sums, 0, shape.width)
    let products = cell.biasRows == 1 ? dx : block(sums, rows * shape.width, shape.width)
    let states = block(tape, 0, shape.units)
    let weights: () -> Tensor = {
      guard cell.kind == .gruResetBefore else { return states.matmul(products, transposeA: true) }
      let gates = dx.slice(axis: 1, 0..<(2 * shape.units))
      let candidate = dx.slice(axis: 1, (2 * shape.units)..<shape.width)
      let resets = block(tape, shape.second, shape.units)
      return .concatenate(
        [
          states.matmul(gates, transposeA: true), resets.matmul(candidate, transposeA: true),
        ], axis: 1)
    }
    let bias: () -> Tensor = {
      let sum = dx.sum(axes: [0])
      let both = cell.biasRows == 1 ? sum : .concatenate([sum, products.sum(axes: [0])])
      return both.reshaped(site.operands[3].shape)
    }
    let gradients: [Tensor?] = [
      nil, dx.reshaped(site.operands[1].shape), site.isNeeded[2] ? weights() : nil,
      site.isNeeded[3] ? bias() : nil,
    ]
    return gradients + site.operands.dropFirst(4).map { _ in nil }
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let offset = blockOffset(operands.map { TensorType($0.shape) }) ?? 0
    return .real(Array(operands[0].reals[offset..<(offset + type.shape.count)]))
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let shape = site.result.type.shape
    let offset = blockOffset(site.operands.map(\.type)) ?? 0
    program.copy(
      to: site.result, strides: shape.strides, from: site.operands[0].advanced(by: offset),
      strides: shape.strides, shape: shape)
  }
}

extension Tensor {
  /// A recurrent layer over the products of its inputs, `[time, batch, gates·units]`.
  ///
  /// - Parameters:
  ///   - cell: Gates and activations.
  ///   - products: `x·W`, without bias.
  ///   - weights: `[units, gates·units]`.
  ///   - bias: `[gates·units]`, twice that for a GRU that resets after; nil for none.
  ///   - mask: `[time, batch]`, 0 where a step keeps the states; nil for none.
  ///   - returnsSequence: Whether all outputs are wanted, or the last one.
  /// - Returns: `[time, batch, units]` or `[batch, units]`.
  package static func recurrent(
    _ cell: RecurrentCell, products: Tensor, weights: Tensor, bias: Tensor?, mask: Tensor?,
    returnsSequence: Bool
  ) -> Tensor {
    let bias = bias ?? .zeros([cell.biasRows * products.shape.last])
    let operands = [products, weights, bias] + (mask.map { [$0] } ?? [])
    let tape = Tensor.apply(RecurrentTape(cell: cell), operands)
    return .apply(RecurrentOutput(cell: cell, lastOnly: !returnsSequence), [tape] + operands)
  }
}
