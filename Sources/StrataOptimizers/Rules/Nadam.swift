public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Nadam: Adam with Nesterov's momentum, whose size follows a schedule.
///
///     μₜ = β₁·(1 − ½·0.96^(t·s))          s = scheduleDecay
///     S  ← S·μₜ                            S starts from 1
///     m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²
///     m̄ = (1−μₜ)·g/(1−S) + μₜ₊₁·m/(1−S·μₜ₊₁);  v̂ = v/(1−β₂ᵗ)
///     θ ← θ − η·m̄ / (√v̂ + ε)
///
/// Source: Dozat 2015 (the schedule from Sutskever et al. 2013); Keras since 1.0.5. m itself decays
/// with plain β₁.
public struct Nadam: OptimizerRule, Configurable {
  public static let name = "nadam"
  public static let className = "Nadam"

  public var learningRate: Float?
  public var beta1: Double?
  public var beta2: Double?
  public var epsilon: Double?
  public var scheduleDecay: Double?
  public var averages: AverageForm?

  public init(
    learningRate: Float? = nil, beta1: Double? = nil, beta2: Double? = nil,
    epsilon: Double? = nil, scheduleDecay: Double? = nil
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.scheduleDecay = scheduleDecay
  }

  public static let learningRateHistory = History<Float>(
    "nadam.learningRate", .optimizer, .trajectory, initially: 0.002
  )
  .since("2.4.0", 0.001, "adamax-nadam-lr", "learning rate 0.002 -> 0.001")
  public static let beta1History = History("nadam.beta1", .optimizer, .trajectory, initially: 0.9)
  public static let beta2History = History(
    "nadam.beta2", .optimizer, .trajectory, initially: 0.999)
  public static let epsilonHistory = SharedHistory.epsilon("nadam", initially: 1e-8)
  public static let scheduleDecayHistory = History(
    "nadam.scheduleDecay", .optimizer, .trajectory, initially: 0.004
  )
  .since("2.11.0", 1, "nadam-schedule-decay-dropped", "the momentum warms up 250 times faster")
  public static let averagesHistory = History(
    "nadam.averages", .optimizer, .trajectory, initially: AverageForm.weighted
  )
  .since("2.11.0", .incremental, "adam-accumulator-rounding", "averages: rounding only")

  public static var histories: [any AnyHistory] {
    [
      learningRateHistory, beta1History, beta2History, epsilonHistory, scheduleDecayHistory,
      averagesHistory,
    ]
  }

  public static var settings: [Setting<Nadam>] {
    [
      .number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon),
      .number("schedule_decay", \.scheduleDecay),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    try check("beta2", beta2, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    try checkNotNegative("scheduleDecay", scheduleDecay)
    learningRate.resolve(Self.learningRateHistory, semantics)
    beta1.resolve(Self.beta1History, semantics)
    beta2.resolve(Self.beta2History, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    scheduleDecay.resolve(Self.scheduleDecayHistory, semantics)
    averages.resolve(Self.averagesHistory, semantics)
  }

  public var slots: [SlotSpec] { [SlotSpec("m"), SlotSpec("v")] }
  public var globals: [SlotSpec] { [SlotSpec("m_schedule", initialValue: 1)] }

  /// μ of a step.
  private func momentum(_ step: Tensor) -> Tensor {
    let power = Tensor(0.96).power(step * scheduleDecay.resolved)
    return beta1.resolved * (1 - 0.5 * power)
  }

  public func updateGlobals(_ state: OptimizerState) -> [String: Tensor] {
    ["m_schedule": state["m_schedule"] * momentum(state.step)]
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let form = averages ?? .weighted
    let m = form.average(state["m"], g, beta1.exact, .single)
    let v = form.average(state["v"], g.square(), beta2.exact, .single)
    let (now, next) = (momentum(state.step), momentum(state.step + 1))
    let product = state["m_schedule"] * now
    let gradientPart = (1 - now) * (g / (1 - product))
    let momentPart = next * (m / (1 - product * next))
    let square = v / (1 - Tensor(beta2.resolved).power(state.step))
    let step =
      state.learningRate * (gradientPart + momentPart) / (square.squareRoot() + epsilon.resolved)
    return ParameterUpdate(theta - step, slots: ["m": m, "v": v])
  }
}

extension Nadam {
  public var equation: [String] {
    [
      "μₜ = β₁·(1 − ½·0.96^(t·s))          s = scheduleDecay",
      "S  ← S·μₜ                            S starts from 1",
      "m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²",
      "m̄ = (1−μₜ)·g/(1−S) + μₜ₊₁·m/(1−S·μₜ₊₁);  v̂ = v/(1−β₂ᵗ)",
      "θ ← θ − η·m̄ / (√v̂ + ε)",
    ]
  }
}
