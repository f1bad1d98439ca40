public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's Adamax: ε is added before the maximum.
///
///     m ← β₁·m + (1−β₁)·g;  u ← max(β₂·u, |g| + ε)
///     θ ← θ − η/(1−β₁ᵗ) · m/u
///
/// Source: torch.optim.Adamax; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
public struct TorchAdamax: OptimizerRule, Configurable {
  public static let name = "adamax"
  public static let className = "Adamax"

  public var learningRate: Float?
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchAdamax>] {
    [
      .number("betas_1", \.beta1), .number("betas_2", \.beta2), .number("eps", \.epsilon),
      .number("weight_decay", \.weightDecay), .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    try check("beta2", beta2, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 0.002
  }

  public var slots: [SlotSpec] { [SlotSpec("exp_avg"), SlotSpec("exp_inf")] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let g = TorchGradient.of(theta, g, weightDecay, maximize)
    let m = AverageForm.incremental.average(state["exp_avg"], g, beta1, .double)
    let u = Tensor.maximum(Float(beta2) * state["exp_inf"], g.abs() + Float(epsilon))
    let rate = state.learningRate / Power.complement(beta1, state.step)
    return ParameterUpdate(theta - rate * (m / u), slots: ["exp_avg": m, "exp_inf": u])
  }
}

extension TorchAdamax {
  public var equation: [String] {
    [
      "m ← β₁·m + (1−β₁)·g;  u ← max(β₂·u, |g| + ε)",
      "θ ← θ − η/(1−β₁ᵗ) · m/u",
    ]
  }
}
