public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Long short-term memory.
///
///     i = g(x·Wᵢ + h·Uᵢ + bᵢ)    f = g(x·W_f + h·U_f + b_f)    o = g(x·Wₒ + h·Uₒ + bₒ)
///     c' = f·c + i·act(x·W_c + h·U_c + b_c)    h' = o·act(c')
///
///     x [batch, time, inputSize]    y [batch, units], or [batch, time, units] with `returnSequences`
///     kernel [inputSize, 4·units]    recurrent_kernel [units, 4·units]    bias [4·units]
///
/// Gates in the order i, f, c, o. Keras 0 and 1 keep each gate's matrices apart (`GateLayout`),
/// `W_i`, `U_i`, `b_i`, … in their files. Source: Hochreiter & Schmidhuber 1997, with Gers's forget gate.
public struct LSTM: Layer {
  public static let name = "LSTM"
  public static let supportsMasking = true

  public var units: Int
  public var activation: Activation
  /// The activation of the gates, g.
  public var recurrentActivation: Activation?
  public var useBias: Bool
  public var kernelInitializer: Initializer
  public var recurrentInitializer: Initializer?
  public var biasInitializer: Initializer
  /// Whether the forget gate's bias starts at 1.
  public var unitForgetBias: Bool?
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
  /// nil: the release's own; `fused` is also Keras 1's `consume_less="gpu"`.
  public var gateLayout: GateLayout?
  public var gateDropout: GateDropout?
  public var recurrentSettings: RecurrentSettings?
  public var isTrainable: Bool

  public init(
    units: Int, activation: Activation = .tanh, recurrentActivation: Activation? = nil,
    useBias: Bool = true, kernelInitializer: Initializer = .glorotUniform,
    recurrentInitializer: Initializer? = nil, biasInitializer: Initializer = .zeros,
    unitForgetBias: Bool? = nil, kernelRegularizer: Regularizer? = nil,
    recurrentRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    recurrentConstraint: Constraint? = nil, biasConstraint: Constraint? = nil, dropout: Float = 0,
    recurrentDropout: Float = 0, returnSequences: Bool = false, returnState: Bool? = nil,
    goBackwards: Bool = false,
    stateful: Bool = false, gateLayout: GateLayout? = nil, gateDropout: GateDropout? = nil,
    recurrentSettings: RecurrentSettings? = nil, isTrainable: Bool = true
  ) {
    self.units = units
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.recurrentInitializer = recurrentInitializer
    self.biasInitializer = biasInitializer
    self.unitForgetBias = unitForgetBias
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
    self.gateLayout = gateLayout
    self.gateDropout = gateDropout
    self.recurrentSettings = recurrentSettings
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
    unitForgetBias.resolve(Self.unitForgetBiasHistory, semantics)
    recurrentInitializer.resolve(Self.recurrentInitializerHistory, semantics)
    gateLayout.resolve(Self.gateLayoutHistory, semantics)
    gateDropout.resolve(Self.gateDropoutHistory, semantics)
    recurrentSettings.resolve(Self.recurrentSettingsHistory, semantics)
    recurrentActivation.resolve(Self.recurrentActivationHistory, semantics)
    recurrentActivation = recurrentActivation?.resolved(under: semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try recurrentShape(
      inputs, units: units, states: 2, returnSequences: returnSequences, stateful: stateful,
      rates: (dropout, recurrentDropout))
  }

  public func furtherShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    stateShapes(2, units: units, returned: returnState)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    outputs(inputs, context)[0]
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    returnSequences ? context.masks.first ?? nil : nil
  }
}

extension LSTM: Versioned {
  public static let recurrentActivationHistory = History<Activation>(
    "lstm.recurrentActivation", .layer, .trajectory, initially: .hardSigmoid
  )
  .since(
    "2.3.0", .sigmoid, "rnn-recurrent-activation-sigmoid",
    "The gates use sigmoid instead of hard_sigmoid.")

  public static let recurrentInitializerHistory = History<Initializer>(
    "lstm.recurrentInitializer", .initializer, .trajectory, initially: .orthogonal(gain: 1.1)
  )
  .since("2.0.0", .orthogonal(gain: 1), "init-orthogonal-gain-1-0", "Gain 1 instead of 1.1.")

  public static let gateLayoutHistory = GateLayout.history("lstm")
  public static let gateDropoutHistory = GateDropout.history("lstm")
  public static let recurrentSettingsHistory = RecurrentSettings.history("lstm")

  public static let unitForgetBiasHistory = History<Bool>(
    "lstm.unitForgetBias", .initializer, .trajectory, initially: false
  )
  .since("0.1.2", true, "init-lstm-forget-bias-zero-to-one", "The forget bias starts at 1, not 0.")

  public static var histories: [any AnyHistory] {
    [
      recurrentActivationHistory, recurrentInitializerHistory, gateLayoutHistory,
      gateDropoutHistory, recurrentSettingsHistory, unitForgetBiasHistory,
    ]
  }
}

extension LSTM {
  private var gates: Gates {
    Gates(
      letters: ["i", "f", "c", "o"], drawOrder: [0, 1, 2, 3], units: units,
      layout: gateLayout ?? .fused)
  }

  private var kernelSettings: WeightSettings {
    WeightSettings(
      initializer: kernelInitializer, regularizer: kernelRegularizer,
      constraint: kernelConstraint)
  }

  private var recurrentKernelSettings: WeightSettings {
    if recurrentSettings == .kernels, gateLayout == .separate { return kernelSettings }
    return WeightSettings(
      initializer: recurrentInitializer ?? .orthogonal(gain: 1),
      regularizer: recurrentRegularizer, constraint: recurrentConstraint)
  }

  private var biasSettings: [WeightSettings]? {
    guard useBias else { return nil }
    let bias = WeightSettings(
      initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    var biases = [bias, bias, bias, bias]
    if unitForgetBias ?? true { biases[1].initializer = .ones }
    return biases
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    return gates.specs(
      inputSize: inputs[0].last, kernelSettings, recurrentKernelSettings, biases: biasSettings)
  }

  public func outputs(_ inputs: [Tensor], _ context: LayerContext) -> [Tensor] {
    let steps = RecurrentSteps(returnSequences: returnSequences, goBackwards: goBackwards)
    let (x, gates) = (steps.ordered(inputs[0]), gates)
    let inner = context.resolved(recurrentActivation, "recurrentActivation", else: .sigmoid)
    let sharing = context.resolved(gateDropout, "gateDropout", else: .shared)
    let dropout = RecurrentDropout(
      x, units: units, gates: sharing == .shared ? 1 : 4, input: dropout,
      state: recurrentDropout, context)
    let recurrent = gates.fused("recurrent_kernel", context)
    let products = gates.product(x, gates.fused("kernel", context), masks: dropout.input)
    let bias = useBias ? gates.fused("bias", context) : nil
    let mask = context.masks.first ?? nil
    if dropout.state.isEmpty, returnState != true, inputs.count == 1,
      let cell = RecurrentCell(.lstm, activation, inner: inner)
    {
      return [steps.run(cell, products, weights: recurrent, bias: bias, mask: mask)]
    }
    let start = steps.start(inputs, states: 2, units: units)
    let (y, last) = steps.run(
      bias.map { products + $0 } ?? products, from: start, mask: mask
    ) { product, states in
      let z = product + gates.product(states[0], recurrent, masks: dropout.state)
      let i = inner(gates.part(0, of: z))
      let f = inner(gates.part(1, of: z))
      let c = f * states[1] + i * activation(gates.part(2, of: z))
      let o = inner(gates.part(3, of: z))
      return [o * activation(c), c]
    }
    return [y] + (returnState == true ? last : [])
  }
}
