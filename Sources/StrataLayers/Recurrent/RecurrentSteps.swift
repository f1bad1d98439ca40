import StrataCore
import StrataTensor

/// How a recurrent layer goes through time.
struct RecurrentSteps {
  var returnSequences: Bool
  var goBackwards: Bool

  /// `[batch, time, features]` as `[time, batch, features]` in the order of running, so that a time
  /// step is one block.
  func ordered(_ x: Tensor) -> Tensor {
    let steps = x.transposed([1, 0, 2])
    return goBackwards ? steps.reversed([0]) : steps
  }

  /// The outputs of a cell that the engine has, as one operation.
  ///
  /// - Parameters:
  ///   - cell: Gates and activations.
  ///   - products: `[time, batch, width]`, in the order of running.
  ///   - weights: The recurrent kernel.
  ///   - bias: Of the gates; nil for none.
  ///   - mask: `[batch, time]`, 1 where a step counts.
  /// - Returns: The last output, or the sequence of all.
  func run(
    _ cell: RecurrentCell, _ products: Tensor, weights: Tensor, bias: Tensor?, mask: Tensor?
  ) -> Tensor {
    let steps = mask.map { $0.transposed([1, 0]) }
    let outputs = Tensor.recurrent(
      cell, products: products, weights: weights, bias: bias,
      mask: goBackwards ? steps?.reversed([0]) : steps, returnsSequence: returnSequences)
    return returnSequences ? outputs.transposed([1, 0, 2]) : outputs
  }

  /// The outputs, from the products of all time steps.
  ///
  /// A masked step keeps the states and repeats the previous output (zeros before the first).
  ///
  /// - Parameters:
  ///   - x: `[time, batch, width]`, in the order of running.
  ///   - count: How many states of `[batch, units]` there are; the first is the output.
  ///   - units: The size of a state.
  ///   - mask: `[batch, time]`, 1 where a step counts.
  ///   - step: New states from a step's `[batch, width]` and the old states.
  /// - Returns: The last output, or the sequence of all.
  func run(
    _ x: Tensor, states count: Int, units: Int, mask: Tensor?,
    step: (Tensor, [Tensor]) -> [Tensor]
  ) -> Tensor {
    let start = [Tensor](repeating: .zeros([x.shape[1], units]), count: count)
    return run(x, from: start, mask: mask, step: step).output
  }

  /// As above from given states `[batch, units]`, with the last states.
  func run(
    _ x: Tensor, from start: [Tensor], mask: Tensor?, step: (Tensor, [Tensor]) -> [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let time = x.shape[0]
    let products = x.timeSteps()
    var states = start
    var outputs: [Tensor] = []
    for t in 0..<time {
      var new = step(products[t], states)
      if let mask {
        let at = goBackwards ? time - 1 - t : t
        let present = mask.slice(axis: 1, at..<(at + 1))
        new = zip(new, states).map { Tensor.select(present, $0, $1) }
      }
      states = new
      if returnSequences { outputs.append(states[0]) }
    }
    return (returnSequences ? .stack(outputs, axis: 1) : states[0], states)
  }

  /// The states that a layer starts from: what follows its input, or zeros.
  func start(_ inputs: [Tensor], states count: Int, units: Int) -> [Tensor] {
    inputs.count > 1
      ? Array(inputs.dropFirst())
      : [Tensor](repeating: .zeros([inputs[0].shape[0], units]), count: count)
  }
}

/// The dropout masks of one training step: 0 or 1 / keep, one per sample, the same at all times.
struct RecurrentDropout {
  /// `[batch, inputSize]` each: none, one, or one for each gate.
  var input: [Tensor] = []
  /// `[batch, units]` each.
  var state: [Tensor] = []

  init() {}

  /// Draws the masks for `x [time, batch, inputSize]`; those of the state come first.
  init(
    _ x: Tensor, units: Int, gates: Int, input rate: Float, state stateRate: Float,
    _ context: LayerContext
  ) {
    guard context.isTraining else { return }
    func masks(_ rate: Float, _ shape: Shape) -> [Tensor] {
      guard rate > 0 else { return [] }
      return (0..<gates).map { _ in
        context.random(.bernoulli(keep: 1 - rate), shape: shape) / (1 - rate)
      }
    }
    state = masks(stateRate, [x.shape[1], units])
    input = masks(rate, [x.shape[1], x.shape[2]])
  }
}

extension Tensor {
  /// The steps `[batch, width]` of `[time, batch, width]`.
  ///
  /// Cut in halves again and again: the derivative of a slice is as large as what it was cut from, so
  /// cutting each step from the whole would cost time², this costs time·log(time).
  fileprivate func timeSteps() -> [Tensor] {
    let time = shape[0]
    if time == 1 { return [reshaped(shape.droppingFirst())] }
    let middle = time / 2
    return slice(axis: 0, 0..<middle).timeSteps() + slice(axis: 0, middle..<time).timeSteps()
  }
}

extension Activation {
  /// The activation as the engine's recurrent cells have it; nil for those that they lack.
  var gate: GateActivation? {
    switch self {
    case .linear: .linear
    case .relu: .relu
    case .reluByHalves: .reluByHalves
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .hardSigmoid: .hardSigmoid
    case .hardSigmoidByFifths: .hardSigmoidByFifths
    default: nil
    }
  }
}

extension RecurrentCell {
  /// The engine's cell with these activations; nil where it lacks one.
  init?(_ kind: Kind, _ activation: Activation, inner: Activation = .sigmoid) {
    guard let outer = activation.gate, let inner = inner.gate else { return nil }
    self.init(kind, activation: outer, inner: inner)
  }
}

extension Layer {
  /// The output shape of a recurrent layer.
  ///
  /// - Throws: `LayerError` for an input that is no sequence, or settings that cannot be used.
  func recurrentShape(
    _ inputs: [Shape], units: Int, states: Int, returnSequences: Bool, stateful: Bool,
    rates: (Float, Float)
  ) throws(LayerError) -> Shape {
    let input = try single(inputs.count == 1 + states ? [inputs[0]] : inputs)
    guard inputs.dropFirst().allSatisfy({ $0 == [units] }) else {
      throw failure("\(states) states of \(units) units", inputs.map(\.description).listed)
    }
    try checkPositive(units, "units")
    try checkRate(rates.0, "dropout")
    try checkRate(rates.1, "recurrentDropout")
    guard !stateful else {
      throw failure("stateful: false (states are not kept between batches)", "stateful: true")
    }
    guard input.rank == 2, input[0] > 0 else {
      throw failure("input [time, features] with at least one time step", "\(input)")
    }
    return returnSequences ? [input[0], units] : [units]
  }
}
