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
/// Keras 2.11 to 2.15 multiplies S once for each parameter of a compiled training, not once a step, but
/// for parameter t + 1 in step t (`repeatedProduct`).
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
  public var product: ProductForm?

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

  /// How often S takes up μₜ in step t.
  public enum ProductForm: String, Sendable, Hashable, Codable {
    case oncePerStep
    /// Before each parameter, the (t + 1)-th excepted: the counter that should have prevented it is
    /// compared when the step is compiled.
    case repeatedProduct
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

  public static let productHistory = History(
    "nadam.product", .optimizer, .trajectory, initially: ProductForm.oncePerStep
  )
  .since(
    "2.11.0", .repeatedProduct, "nadam-product-per-variable",
    "the product of the momenta is multiplied once for each parameter"
  )
  .since(
    "3.0.0", .oncePerStep, "nadam-product-per-step", "the product is multiplied once a step again")

  public static var histories: [any AnyHistory] {
    [
      learningRateHistory, beta1History, beta2History, epsilonHistory, scheduleDecayHistory,
      averagesHistory, productHistory,
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
    product.resolve(Self.productHistory, semantics)
  }

  public var slots: [SlotSpec] { [SlotSpec("m"), SlotSpec("v")] }
  public var globals: [SlotSpec] { [SlotSpec("m_schedule", initialValue: 1)] }

  /// μ of a step.
  private func momentum(_ step: Tensor) -> Tensor {
    let power = Tensor(0.96).power(step * scheduleDecay.resolved)
    return beta1.resolved * (1 - 0.5 * power)
  }

  public func updateGlobals(_ state: OptimizerState) -> [String: Tensor] {
    ["m_schedule": product(state, after: state.count)]
  }

  /// S when so many parameters of the step have had their turn.
  private func product(_ state: OptimizerState, after count: Int) -> Tensor {
    let (old, now) = (state["m_schedule"], momentum(state.step))
    guard product == .repeatedProduct else { return old * now }
    let isSpared = state.step.isLess(than: Tensor(Float(count)))
    return old * now.power(Tensor(Float(count)) - isSpared)
  }

  public var unusedRows: UnusedRows { .keepParameter }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let form = averages ?? .weighted
    let m = form.average(state["m"], g, beta1.exact, .single)
    let v = form.average(state["v"], state.squares(of: g), beta2.exact, .single)
    let (now, next) = (momentum(state.step), momentum(state.step + 1))
    let product = product(state, after: state.position + 1)
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
