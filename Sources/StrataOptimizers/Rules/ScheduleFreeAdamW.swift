public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Schedule-free AdamW: Adam without a schedule, by averaging the iterates as it goes.
///
///     v ← β₂·v + (1−β₂)·g²
///     z ← z − η·g / (√(v/(1−β₂ᵗ)) + ε)                z starts as θ
///     x = (θ − (1−β₁)·z_old)/β₁,  x ← (1 − 1/t)·x + z/t
///     θ ← (1−β₁)·z + β₁·x
///
/// With `warmupSteps` w the rate is η·min(t/w, 1). θ is where gradients are taken; x is what a
/// finished model should use. On TensorFlow and torch, Keras 3.15 takes z for z_old (`Recovery`).
///
/// Source: Defazio et al. 2024 (arXiv:2405.15682); Keras since 3.15.
public struct ScheduleFreeAdamW: OptimizerRule, Configurable {
  public static let name = "schedulefreeadamw"
  public static let className = "ScheduleFreeAdamW"

  public var learningRate: Float?
  public var beta1: Double?
  public var beta2: Double?
  public var epsilon: Double?
  public var warmupSteps: Int
  /// Which z the old average is recovered with.
  public var recovery: Recovery?

  public init(
    learningRate: Float? = nil, beta1: Double? = nil, beta2: Double? = nil,
    epsilon: Double? = nil, warmupSteps: Int = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.warmupSteps = warmupSteps
  }

  public enum Recovery: String, Sendable, Hashable, Codable {
    /// z before the step.
    case before
    /// z after the step: where variables change in place, Keras reads the new value as the old.
    case after
  }

  public static let learningRateHistory = History<Float>(
    "scheduleFreeAdamW.learningRate", .optimizer, .trajectory, initially: 0.0025)
  public static let beta1History = History(
    "scheduleFreeAdamW.beta1", .optimizer, .trajectory, initially: 0.9)
  public static let beta2History = History(
    "scheduleFreeAdamW.beta2", .optimizer, .trajectory, initially: 0.999)
  public static let epsilonHistory = History(
    "scheduleFreeAdamW.epsilon", .optimizer, .trajectory, initially: 1e-8)

  public static var histories: [any AnyHistory] {
    [learningRateHistory, beta1History, beta2History, epsilonHistory]
  }

  public static var settings: [Setting<ScheduleFreeAdamW>] {
    [
      .number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon),
      .integer("warmup_steps", \.warmupSteps),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    if beta1 == 0 { throw error("beta1", "above 0", "0.0") }
    try check("beta2", beta2, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    learningRate.resolve(Self.learningRateHistory, semantics)
    beta1.resolve(Self.beta1History, semantics)
    beta2.resolve(Self.beta2History, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    let isInPlace = [.tensorflow, .torch].contains(semantics.backend.kind)
    recovery = recovery ?? (isInPlace ? .after : .before)
  }

  public var slots: [SlotSpec] { [SlotSpec("z", startsAsParameter: true), SlotSpec("v")] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let (b, share) = (beta1.resolved, 1 - beta1.resolved)
    let (t, old) = (state.step, state["z"])
    let warmup = Tensor.minimum(t / Float(max(warmupSteps, 1)), 1)
    let rate = warmupSteps > 0 ? state.learningRate * warmup : state.learningRate
    let v = AverageForm.incremental.average(state["v"], state.squares(of: g), beta2.exact, .single)
    let square = v / (1 - Tensor(beta2.resolved).power(t))
    let z = old - rate * g / (square.squareRoot() + epsilon.resolved)
    let weight = 1 / t
    let recovered = recovery == .after ? z : old
    let before = (theta - share * recovered) / b
    let x = (1 - weight) * before + weight * z
    return ParameterUpdate(share * z + b * x, slots: ["z": z, "v": v])
  }
}

extension ScheduleFreeAdamW {
  public var equation: [String] {
    [
      "v ← β₂·v + (1−β₂)·g²",
      "z ← z − η·g / (√(v/(1−β₂ᵗ)) + ε)                z starts as θ",
      "x = (θ − (1−β₁)·z_old)/β₁,  x ← (1 − 1/t)·x + z/t",
      "θ ← (1−β₁)·z + β₁·x",
    ]
  }
}
