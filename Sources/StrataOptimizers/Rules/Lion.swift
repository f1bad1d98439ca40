public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Lion: steps of one size, along the sign of a mixture of momentum and gradient.
///
///     θ ← θ − η·sign(β₁·m + (1−β₁)·g)
///     m ← β₂·m + (1−β₂)·g
///
/// Source: Chen et al. 2023, algorithm 2 (arXiv:2302.06675); tf.keras since 2.13. The paper's decay
/// of the weights is that of the optimizer around the rule.
public struct Lion: OptimizerRule, Configurable {
  public static let name = "lion"
  public static let className = "Lion"

  public var learningRate: Float?
  public var beta1: Double?
  public var beta2: Double?

  public init(learningRate: Float? = nil, beta1: Double? = nil, beta2: Double? = nil) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
  }

  public static let learningRateHistory = History<Float>(
    "lion.learningRate", .optimizer, .trajectory, initially: 0.0001
  )
  .since("3.0.0", 0.001, "lion-added", "learning rate 1e-4 -> 1e-3")
  public static let beta1History = History("lion.beta1", .optimizer, .trajectory, initially: 0.9)
  public static let beta2History = History("lion.beta2", .optimizer, .trajectory, initially: 0.99)

  public static var histories: [any AnyHistory] {
    [learningRateHistory, beta1History, beta2History]
  }

  public static var settings: [Setting<Lion>] {
    [.number("beta_1", \.beta1), .number("beta_2", \.beta2)]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    try check("beta2", beta2, in: 0...1)
    learningRate.resolve(Self.learningRateHistory, semantics)
    beta1.resolve(Self.beta1History, semantics)
    beta2.resolve(Self.beta2History, semantics)
  }

  public var slots: [SlotSpec] { [SlotSpec("momentum")] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let old = state["momentum"]
    let direction = AverageForm.weighted.average(old, g, beta1.exact, .single).sign()
    let m = AverageForm.weighted.average(old, g, beta2.exact, .single)
    return ParameterUpdate(theta - state.learningRate * direction, slots: ["momentum": m])
  }
}

extension Lion {
  public var equation: [String] {
    [
      "θ ← θ − η·sign(β₁·m + (1−β₁)·g)",
      "m ← β₂·m + (1−β₂)·g",
    ]
  }
}
