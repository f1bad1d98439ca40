public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Stochastic gradient descent, with momentum of the classical or of Nesterov's kind.
///
///     v ← μ·v − η·g
///     θ ← θ + v                 or, with Nesterov,     θ ← θ + μ·v − η·g
///
/// Source: Keras since 0.1.0; Sutskever et al. 2013, section 2, for Nesterov's form. The rate stands
/// inside the velocity, so that changing it leaves the velocity as it is.
public struct SGD: OptimizerRule, Configurable {
  public static let name = "sgd"
  public static let className = "SGD"

  public var learningRate: Float?
  public var momentum: Double
  public var nesterov: Bool
  /// Whether there is a velocity without momentum.
  public var velocitySlot: VelocitySlot?
  public var nesterovForm: NesterovForm?

  public init(learningRate: Float? = nil, momentum: Double = 0, nesterov: Bool = false) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
  }

  public enum VelocitySlot: String, Sendable, Hashable, Codable { case always, withMomentum }
  public enum NesterovForm: String, Sendable, Hashable, Codable {
    /// `(θ + μ·v) − η·g`.
    case leftToRight
    /// `θ + (μ·v − η·g)`.
    case stepFirst
  }

  public static let learningRateHistory = History<Float>(
    "sgd.learningRate", .optimizer, .trajectory, initially: 0.01)
  public static let velocitySlotHistory = History(
    "sgd.velocitySlot", .optimizer, .file, initially: VelocitySlot.always
  )
  .since(
    "2.4.0", .withMomentum, "optimizer-slot-order-tfkeras", "no velocity without momentum"
  )
  .since(
    "2.11.0", .always, "optimizer-slot-order-interleaved", "a velocity is always kept"
  )
  .since("3.0.0", .withMomentum, "sgd-momentum-slot-keras3", "no velocity without momentum")
  public static let nesterovFormHistory = History(
    "sgd.nesterovForm", .optimizer, .trajectory, initially: NesterovForm.leftToRight
  )
  .since("2.4.0", .stepFirst, "sgd-nesterov-step-first", "the step is summed first: rounding only")
  public static let stepCounting = SharedHistory.stepCounting(initially: .always)

  public static var histories: [any AnyHistory] {
    [learningRateHistory, velocitySlotHistory, nesterovFormHistory, stepCounting]
  }

  public static var settings: [Setting<SGD>] {
    [
      .number("momentum", \.momentum), .flag("nesterov", \.nesterov),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("momentum", momentum, in: 0...1)
    learningRate.resolve(Self.learningRateHistory, semantics)
    velocitySlot.resolve(Self.velocitySlotHistory, semantics)
    nesterovForm.resolve(Self.nesterovFormHistory, semantics)
  }

  private var hasVelocity: Bool { momentum != 0 || velocitySlot == .always }

  public var slots: [SlotSpec] { hasVelocity ? [SlotSpec("momentum")] : [] }

  public var unusedRows: UnusedRows { momentum != 0 ? .keep : .change }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let step = state.learningRate * g
    guard hasVelocity else { return ParameterUpdate(theta - step) }
    let mu = Float(momentum)
    let v = mu * state["momentum"] - step
    guard nesterov else { return ParameterUpdate(theta + v, slots: ["momentum": v]) }
    let moved =
      nesterovForm == .leftToRight ? (theta + mu * v) - step : theta + (mu * v - step)
    return ParameterUpdate(moved, slots: ["momentum": v])
  }
}

extension SGD {
  public var equation: [String] {
    let step = nesterov ? "θ ← θ + μ·v − η·g" : "θ ← θ + v"
    return hasVelocity ? ["v ← μ·v − η·g", step] : ["θ ← θ − η·g"]
  }
}
