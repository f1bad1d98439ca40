import StrataCore
import StrataSemantics
import StrataTensor

/// What the convolutional LSTM layers of one to three spatial axes have in common.
struct ConvolutionalLSTM {
  /// The convolution of the inputs, channels last, for all gates.
  var input: ConvolutionSettings
  var filters: Int
  var dataFormat: DataFormat
  var activation: Activation
  var steps: RecurrentSteps
  var dropout: Float
  var recurrentDropout: Float

  static func gateActivation(_ layer: String) -> History<Activation> {
    History<Activation>(
      "\(layer).recurrentActivation", .layer, .trajectory, initially: .hardSigmoid
    )
    .since(
      "3.0.0", .sigmoid, "convlstm-recurrent-activation-sigmoid",
      "The gates use sigmoid instead of hard_sigmoid.")
  }

  /// The output's shape for `[time, …]` with `rank` spatial axes.
  ///
  /// - Throws: `LayerError` of `layer` for settings or an input that cannot be used.
  func outputShape(
    _ sequence: Shape, _ rank: Int, of layer: some Layer
  ) throws(LayerError) -> Shape {
    try layer.checkPositive(filters, "filters")
    try layer.checkRate(dropout, "dropout")
    try layer.checkRate(recurrentDropout, "recurrentDropout")
    guard input.kernelSize.count == rank else {
      throw layer.failure("kernelSize of \(rank) numbers", "\(input.kernelSize)")
    }
    guard sequence.rank == rank + 2, sequence[0] > 0 else {
      throw layer.failure("input [time, …] of \(rank + 2) axes", "\(sequence)")
    }
    var image = try input.outputShape(dataFormat.last(sequence.droppingFirst()), of: layer)
    image = dataFormat.restored(image.replacingLast(with: filters))
    return steps.returnSequences ? image.batched(sequence[0]) : image
  }

  /// The last output or the sequence of all, in the layer's data format.
  func run(_ x: Tensor, bias: Tensor?, inner: Activation, _ context: LayerContext) -> Tensor {
    let (batch, time) = (x.shape[0], x.shape[1])
    var images = dataFormat.last(x.reshaped(x.shape.droppingFirst(2).batched(batch * time)))
    if let kept = mask(dropout, images.shape.droppingFirst(), batch, context) {
      let sequence = images.reshaped(images.shape.droppingFirst().batched(time).batched(batch))
      images = (sequence * kept.reshaped(kept.shape.droppingFirst().batched(1).batched(batch)))
        .reshaped(images.shape)
    }
    let all = input.apply(images, kernel: context["kernel"], bias: bias, .modern)
    let image = all.shape.droppingFirst()
    let state = image.replacingLast(with: filters)
    let stateKept = mask(recurrentDropout, state, batch, context)
    let gates = Gates(letters: ["i", "f", "c", "o"], drawOrder: [], units: filters, layout: .fused)
    let y = steps.run(
      steps.ordered(all.reshaped([batch, time, image.count])), states: 2, units: state.count,
      mask: context.masks.first ?? nil
    ) { product, states in
      var h = states[0].reshaped(state.batched(batch))
      if let stateKept { h = h * stateKept }
      let z = product.reshaped(image.batched(batch)) + recurrent(h, context["recurrent_kernel"])
      let c = states[1].reshaped(state.batched(batch))
      let candidate = activation(gates.part(2, of: z))
      let new = inner(gates.part(1, of: z)) * c + inner(gates.part(0, of: z)) * candidate
      let output = inner(gates.part(3, of: z)) * activation(new)
      return [output, new].map { $0.reshaped([batch, state.count]) }
    }
    let shape = dataFormat.restored(state)
    guard steps.returnSequences else {
      return dataFormat.restored(y.reshaped(state.batched(batch)))
    }
    return dataFormat.restored(y.reshaped(state.batched(batch * time)))
      .reshaped(shape.batched(time).batched(batch))
  }

  private func recurrent(_ h: Tensor, _ kernel: Tensor) -> Tensor {
    let ones = input.kernelSize.map { _ in 1 }
    return ConvolutionSettings(
      filters: 4 * filters, kernelSize: input.kernelSize, strides: ones, padding: .same,
      dataFormat: .channelsLast, dilationRate: ones, groups: 1
    ).apply(h, kernel: kernel, bias: nil, .modern)
  }

  /// 0 or 1 / keep for each element, the same at all times; nil where nothing is dropped.
  private func mask(
    _ rate: Float, _ shape: Shape, _ batch: Int, _ context: LayerContext
  ) -> Tensor? {
    guard context.isTraining, rate > 0 else { return nil }
    return context.random(.bernoulli(keep: 1 - rate), shape: shape.batched(batch)) / (1 - rate)
  }
}
