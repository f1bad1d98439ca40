public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Lamb: Adam's step, scaled in each parameter to the parameter's own length.
///
///     m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²
///     u = m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
///     θ ← θ − η·r·u        r = |θ|/|u|, or 1 where one of them is 0
///
/// Source: You et al. 2020, algorithm 2 (arXiv:1904.00962); Keras since 3.5. The paper's decay of the
/// weights stands inside u; here it is that of the optimizer around the rule.
public struct Lamb: OptimizerRule, Configurable {
  public static let name = "lamb"
  public static let className = "Lamb"

  public var learningRate: Float?
  public var beta1: Double?
  public var beta2: Double?
  public var epsilon: Double?

  public init(
    learningRate: Float? = nil, beta1: Double? = nil, beta2: Double? = nil, epsilon: Double? = nil
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public static let learningRateHistory = History<Float>(
    "lamb.learningRate", .optimizer, .trajectory, initially: 0.001)
  public static let beta1History = History("lamb.beta1", .optimizer, .trajectory, initially: 0.9)
  public static let beta2History = History(
    "lamb.beta2", .optimizer, .trajectory, initially: 0.999)
  public static let epsilonHistory = History(
    "lamb.epsilon", .optimizer, .trajectory, initially: 1e-7)

  public static var histories: [any AnyHistory] {
    [learningRateHistory, beta1History, beta2History, epsilonHistory]
  }

  public static var settings: [Setting<Lamb>] {
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
  }

  public var slots: [SlotSpec] { [SlotSpec("m"), SlotSpec("v")] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let m = AverageForm.incremental.average(state["m"], g, beta1.exact, .double)
    let v = AverageForm.incremental.average(state["v"], state.squares(of: g), beta2.exact, .double)
    let first = m / (1 - Tensor(beta1.resolved).power(state.step))
    let second = v / (1 - Tensor(beta2.resolved).power(state.step))
    let u = first / (second.squareRoot() + epsilon.resolved)
    let (length, stepLength) = (theta.length, u.length)
    let hasBoth = length.isGreater(than: 0) * stepLength.isGreater(than: 0)
    let ratio = Tensor.select(hasBoth, length / stepLength, 1)
    return ParameterUpdate(theta - ratio * state.learningRate * u, slots: ["m": m, "v": v])
  }
}

extension Lamb {
  public var equation: [String] {
    [
      "m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²",
      "u = m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)",
      "θ ← θ − η·r·u        r = |θ|/|u|, or 1 where one of them is 0",
    ]
  }
}
