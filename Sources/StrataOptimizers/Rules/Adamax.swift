public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Adamax: Adam with the largest past gradient in place of the root mean square.
///
///     m ← β₁·m + (1−β₁)·g
///     u ← max(β₂·u, |g|)
///     θ ← θ − η/(1−β₁ᵗ) · m / (u + ε)
///
/// Source: Kingma & Ba 2015, section 7.1 (arXiv:1412.6980); Keras since 0.3.1. The paper has no ε.
public struct Adamax: OptimizerRule, Configurable {
  public static let name = "adamax"
  public static let className = "Adamax"

  public var learningRate: Float?
  public var beta1: Double?
  public var beta2: Double?
  public var epsilon: Double?
  public var form: Form?
  public var complement: ComplementPrecision?

  public init(
    learningRate: Float? = nil, beta1: Double? = nil, beta2: Double? = nil, epsilon: Double? = nil
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public enum Form: String, Sendable, Hashable, Codable {
    /// `(η/(1−β₁ᵗ))·m / (u + ε)`.
    case rateTimesMoment
    /// `(η/(1−β₁ᵗ))·(m / (u + ε))`, averages `a + (x − a)·(1−β)`.
    case rateTimesQuotient
    /// `η·m / ((1−β₁ᵗ)·(u + ε))`, averages `a + (x − a)·(1−β)`.
    case oneQuotient
  }

  public static let learningRateHistory = History<Float>(
    "adamax.learningRate", .optimizer, .trajectory, initially: 0.002
  )
  .since("2.4.0", 0.001, "adamax-nadam-lr", "learning rate 0.002 -> 0.001")
  public static let beta1History = History(
    "adamax.beta1", .optimizer, .trajectory, initially: 0.9)
  public static let beta2History = History(
    "adamax.beta2", .optimizer, .trajectory, initially: 0.999)
  public static let epsilonHistory = SharedHistory.epsilon("adamax", initially: 1e-8)
  public static let complementHistory = SharedHistory.complement("adamax")
  public static let formHistory = History(
    "adamax.form", .optimizer, .trajectory, initially: Form.rateTimesMoment
  )
  .since("2.4.0", .rateTimesQuotient, "adamax-fused-kernel", "grouping: rounding only")
  .since("2.11.0", .oneQuotient, "adam-accumulator-rounding", "grouping: rounding only")

  public static var histories: [any AnyHistory] {
    [
      learningRateHistory, beta1History, beta2History, epsilonHistory, complementHistory,
      formHistory,
    ]
  }

  public static var settings: [Setting<Adamax>] {
    [
      .number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    try check("beta2", beta2, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    learningRate.resolve(Self.learningRateHistory, semantics)
    beta1.resolve(Self.beta1History, semantics)
    beta2.resolve(Self.beta2History, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    form.resolve(Self.formHistory, semantics)
    complement.resolve(Self.complementHistory, semantics)
  }

  public var slots: [SlotSpec] { [SlotSpec("m"), SlotSpec("u")] }

  public var unusedRows: UnusedRows { .keep }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let average = form == .rateTimesMoment ? AverageForm.weighted : .incremental
    let m = average.average(state["m"], g, beta1.exact, complement ?? .single)
    let u = Tensor.maximum(beta2.resolved * state["u"], g.abs())
    let correction = 1 - Tensor(beta1.resolved).power(state.step)
    let (rate, denominator) = (state.learningRate, u + epsilon.resolved)
    let step =
      switch form ?? .rateTimesMoment {
      case .rateTimesMoment: (rate / correction) * m / denominator
      case .rateTimesQuotient: (rate / correction) * (m / denominator)
      case .oneQuotient: rate * m / (correction * denominator)
      }
    return ParameterUpdate(theta - step, slots: ["m": m, "u": u])
  }
}

extension Adamax {
  public var equation: [String] {
    [
      "m ← β₁·m + (1−β₁)·g",
      "u ← max(β₂·u, |g|)",
      "θ ← θ − η/(1−β₁ᵗ) · m / (u + ε)",
    ]
  }
}
