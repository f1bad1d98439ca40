public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A fully connected recurrent layer: `h' = activation(x·kernel + bias + h·recurrent_kernel)`.
///
///     x [batch, time, inputSize]    y [batch, units], or [batch, time, units] with `returnSequences`
///     kernel [inputSize, units]    recurrent_kernel [units, units]    bias [units]
///
/// `W`, `U` and `b` in files before Keras 2.
public struct SimpleRNN: Layer {
  public static let name = "SimpleRNN"
  public static let supportsMasking = true

  public var units: Int
  public var activation: Activation?
  public var useBias: Bool
  public var kernelInitializer: Initializer
  public var recurrentInitializer: Initializer?
  public var biasInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var recurrentRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var recurrentConstraint: Constraint?
  public var biasConstraint: Constraint?
  /// The fraction of input features dropped in training, the same at all times (`dropout_W`).
  public var dropout: Float
  /// The fraction of state units dropped in training, the same at all times (`dropout_U`).
  public var recurrentDropout: Float
  public var returnSequences: Bool
  /// Whether the last states are given besides the output; nil: no.
  public var returnState: Bool?
  /// Runs from the last time step to the first; a sequence is returned in the order of running.
  public var goBackwards: Bool
  /// Keeping states between batches: not available, an error when the model is built.
  public var stateful: Bool
  public var isTrainable: Bool

  public init(
    units: Int, activation: Activation? = nil, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, recurrentInitializer: Initializer? = nil,
    biasInitializer: Initializer = .zeros, kernelRegularizer: Regularizer? = nil,
    recurrentRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    recurrentConstraint: Constraint? = nil, biasConstraint: Constraint? = nil, dropout: Float = 0,
    recurrentDropout: Float = 0, returnSequences: Bool = false, returnState: Bool? = nil,
    goBackwards: Bool = false,
    stateful: Bool = false, isTrainable: Bool = true
  ) {
    self.units = units
    self.activation = activation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.recurrentInitializer = recurrentInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.recurrentRegularizer = recurrentRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.recurrentConstraint = recurrentConstraint
    self.biasConstraint = biasConstraint
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
    self.returnSequences = returnSequences
    self.returnState = returnState
    self.goBackwards = goBackwards
    self.stateful = stateful
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation.resolve(Self.activationHistory, semantics)
    activation = activation?.resolved(under: semantics)
    recurrentInitializer.resolve(Self.recurrentInitializerHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try recurrentShape(
      inputs, units: units, states: 1, returnSequences: returnSequences, stateful: stateful,
      rates: (dropout, recurrentDropout))
  }

  public func furtherShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    stateShapes(1, units: units, returned: returnState)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    outputs(inputs, context)[0]
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    returnSequences ? context.masks.first ?? nil : nil
  }
}

extension SimpleRNN: Versioned {
  public static let activationHistory = History<Activation>(
    "simpleRNN.activation", .layer, .trajectory, initially: .sigmoid
  )
  .since(
    "0.3.3", .tanh, "gru-simplernn-default-activation-tanh", "activation tanh instead of sigmoid.")

  public static let recurrentInitializerHistory = History<Initializer>(
    "simpleRNN.recurrentInitializer", .initializer, .trajectory, initially: .orthogonal(gain: 1.1)
  )
  .since("2.0.0", .orthogonal(gain: 1), "init-orthogonal-gain-1-0", "Gain 1 instead of 1.1.")

  public static var histories: [any AnyHistory] {
    [activationHistory, recurrentInitializerHistory]
  }
}

extension SimpleRNN {
  private var gates: Gates {
    Gates(letters: ["h"], drawOrder: [0], units: units, layout: .fused)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let kernel = WeightSettings(
      initializer: kernelInitializer, regularizer: kernelRegularizer,
      constraint: kernelConstraint)
    let recurrent = WeightSettings(
      initializer: recurrentInitializer ?? .orthogonal(gain: 1),
      regularizer: recurrentRegularizer, constraint: recurrentConstraint)
    let bias = WeightSettings(
      initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    return gates.specs(
      inputSize: inputs[0].last, kernel, recurrent, biases: useBias ? [bias] : nil)
  }

  public func outputs(_ inputs: [Tensor], _ context: LayerContext) -> [Tensor] {
    let steps = RecurrentSteps(returnSequences: returnSequences, goBackwards: goBackwards)
    let (x, gates) = (steps.ordered(inputs[0]), gates)
    let activation = context.resolved(self.activation, "activation", else: .tanh)
    let dropout = RecurrentDropout(
      x, units: units, gates: 1, input: dropout, state: recurrentDropout, context)
    let recurrent = context["recurrent_kernel"]
    let products = gates.product(x, context["kernel"], masks: dropout.input)
    let bias = useBias ? context["bias"] : nil
    let mask = context.masks.first ?? nil
    if dropout.state.isEmpty, returnState != true, inputs.count == 1,
      let cell = RecurrentCell(.simple, activation)
    {
      return [steps.run(cell, products, weights: recurrent, bias: bias, mask: mask)]
    }
    let start = steps.start(inputs, states: 1, units: units)
    let (y, last) = steps.run(
      bias.map { products + $0 } ?? products, from: start, mask: mask
    ) { product, states in
      [activation(product + gates.product(states[0], recurrent, masks: dropout.state))]
    }
    return [y] + (returnState == true ? last : [])
  }
}
