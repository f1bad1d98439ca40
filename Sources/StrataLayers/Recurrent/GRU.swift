public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Gated recurrent unit.
///
///     z = g(x·W_z + h·U_z + b_z)    r = g(x·Wᵣ + h·Uᵣ + bᵣ)    h' = z·h + (1 - z)·h̃
///     h̃ = act(x·Wₕ + (r·h)·Uₕ + bₕ), or act(x·Wₕ + bₕ + r·(h·Uₕ + b'ₕ)) with `resetAfter`
///
///     x [batch, time, inputSize]    y [batch, units], or [batch, time, units] with `returnSequences`
///     kernel [inputSize, 3·units]    recurrent_kernel [units, 3·units]
///     bias [3·units], or [2, 3·units] with `resetAfter`
///
/// Gates in the order z, r, h. Keras 0 and 1 keep each gate's matrices apart (`GateLayout`),
/// `W_z`, `U_z`, `b_z`, … in their files. Source: Cho et al. 2014 (arXiv:1406.1078), version 1 for
/// `resetAfter`, version 3 without.
public struct GRU: Layer {
  public static let name = "GRU"
  public static let supportsMasking = true

  public var units: Int
  public var activation: Activation?
  /// The activation of the gates, g.
  public var recurrentActivation: Activation?
  public var useBias: Bool
  public var kernelInitializer: Initializer
  public var recurrentInitializer: Initializer?
  public var biasInitializer: Initializer
  /// Whether the reset gate acts on the product (and the recurrent product has a bias).
  public var resetAfter: Bool?
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
    units: Int, activation: Activation? = nil, recurrentActivation: Activation? = nil,
    useBias: Bool = true, kernelInitializer: Initializer = .glorotUniform,
    recurrentInitializer: Initializer? = nil, biasInitializer: Initializer = .zeros,
    resetAfter: Bool? = nil, kernelRegularizer: Regularizer? = nil,
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
    self.resetAfter = resetAfter
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
    activation.resolve(Self.activationHistory, semantics)
    activation = activation?.resolved(under: semantics)
    resetAfter.resolve(Self.resetAfterHistory, semantics)
    recurrentInitializer.resolve(Self.recurrentInitializerHistory, semantics)
    gateLayout.resolve(Self.gateLayoutHistory, semantics)
    gateDropout.resolve(Self.gateDropoutHistory, semantics)
    recurrentSettings.resolve(Self.recurrentSettingsHistory, semantics)
    recurrentActivation.resolve(Self.recurrentActivationHistory, semantics)
    recurrentActivation = recurrentActivation?.resolved(under: semantics)
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

extension GRU: Versioned {
  public static let activationHistory = History<Activation>(
    "gru.activation", .layer, .trajectory, initially: .sigmoid
  )
  .since(
    "0.3.3", .tanh, "gru-simplernn-default-activation-tanh", "activation tanh instead of sigmoid.")

  public static let recurrentActivationHistory = History<Activation>(
    "gru.recurrentActivation", .layer, .trajectory, initially: .hardSigmoid
  )
  .since(
    "2.3.0", .sigmoid, "rnn-recurrent-activation-sigmoid",
    "The gates use sigmoid instead of hard_sigmoid.")

  public static let recurrentInitializerHistory = History<Initializer>(
    "gru.recurrentInitializer", .initializer, .trajectory, initially: .orthogonal(gain: 1.1)
  )
  .since("2.0.0", .orthogonal(gain: 1), "init-orthogonal-gain-1-0", "Gain 1 instead of 1.1.")

  public static let gateLayoutHistory = GateLayout.history("gru")
  public static let gateDropoutHistory = GateDropout.history("gru")
  public static let recurrentSettingsHistory = RecurrentSettings.history("gru")

  public static let resetAfterHistory = History<Bool>(
    "gru.resetAfter", .layer, .trajectory, initially: false
  )
  .since(
    "2.6.0", true, "gru-reset-after-default",
    "The reset gate acts on the recurrent product, which has a bias of its own.")

  public static var histories: [any AnyHistory] {
    [
      activationHistory, recurrentActivationHistory, recurrentInitializerHistory,
      gateLayoutHistory, gateDropoutHistory, recurrentSettingsHistory, resetAfterHistory,
    ]
  }
}

extension GRU {
  private var gates: Gates {
    Gates(
      letters: ["z", "r", "h"], drawOrder: [0, 1, 2], units: units, layout: gateLayout ?? .fused)
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

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    guard resetAfter != true || gates.layout == .fused else {
      throw failure("resetAfter: false where each gate has its own matrices", "resetAfter: true")
    }
    let bias = WeightSettings(
      initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    return gates.specs(
      inputSize: inputs[0].last, kernelSettings, recurrentKernelSettings,
      biases: useBias ? [bias, bias, bias] : nil, biasRows: resetAfter == true ? 2 : 1)
  }

  public func outputs(_ inputs: [Tensor], _ context: LayerContext) -> [Tensor] {
    let steps = RecurrentSteps(returnSequences: returnSequences, goBackwards: goBackwards)
    let (x, gates) = (steps.ordered(inputs[0]), gates)
    let resets = context.resolved(resetAfter, "resetAfter", else: true)
    let sharing = context.resolved(gateDropout, "gateDropout", else: .shared)
    let dropout = RecurrentDropout(
      x, units: units, gates: sharing == .shared ? 1 : 3, input: dropout,
      state: recurrentDropout, context)
    let products = gates.product(x, gates.fused("kernel", context), masks: dropout.input)
    let bias = useBias ? gates.fused("bias", context) : nil
    let cell = Cell(
      gates: gates, recurrent: gates.fused("recurrent_kernel", context),
      bias: resets ? bias?.element(1, axis: 0) : nil,
      activation: context.resolved(activation, "activation", else: .tanh),
      inner: context.resolved(recurrentActivation, "recurrentActivation", else: .sigmoid),
      masks: dropout.state)
    let mask = context.masks.first ?? nil
    if dropout.state.isEmpty, returnState != true, inputs.count == 1,
      let fused = cell.fused(resets)
    {
      return [steps.run(fused, products, weights: cell.recurrent, bias: bias, mask: mask)]
    }
    let own = resets ? bias?.element(0, axis: 0) : bias
    let start = steps.start(inputs, states: 1, units: units)
    let (y, last) = steps.run(
      own.map { products + $0 } ?? products, from: start, mask: mask
    ) { product, states in
      [resets ? cell.resetAfter(product, states[0]) : cell.resetBefore(product, states[0])]
    }
    return [y] + (returnState == true ? last : [])
  }

  /// One time step.
  private struct Cell {
    var gates: Gates
    var recurrent: Tensor
    var bias: Tensor?
    var activation: Activation
    var inner: Activation
    var masks: [Tensor]

    /// The engine's cell, if it has the activations.
    func fused(_ resetsAfter: Bool) -> RecurrentCell? {
      RecurrentCell(resetsAfter ? .gruResetAfter : .gruResetBefore, activation, inner: inner)
    }

    func resetAfter(_ x: Tensor, _ h: Tensor) -> Tensor {
      var u = gates.product(h, recurrent, masks: masks)
      if let bias { u = u + bias }
      let both = gates.parts(0..<2, of: x) + gates.parts(0..<2, of: u)
      let z = inner(gates.part(0, of: both))
      let r = inner(gates.part(1, of: both))
      let candidate = activation(gates.part(2, of: x) + r * gates.part(2, of: u))
      return z * h + (1 - z) * candidate
    }

    func resetBefore(_ x: Tensor, _ h: Tensor) -> Tensor {
      let first = masks.count == 3 ? Array(masks[..<2]) : masks
      let last = masks.isEmpty ? [] : [masks[masks.count - 1]]
      let u = gates.product(h, gates.parts(0..<2, of: recurrent), masks: first)
      let both = gates.parts(0..<2, of: x) + u
      let z = inner(gates.part(0, of: both))
      let r = inner(gates.part(1, of: both))
      let product = gates.product(r * h, gates.part(2, of: recurrent), masks: last)
      let candidate = activation(gates.part(2, of: x) + product)
      return z * h + (1 - z) * candidate
    }
  }
}
