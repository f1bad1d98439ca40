public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's AdamW: torch's Adam with weights that decay apart from the gradient.
///
///     θ ← θ·(1 − η·λ)
///     m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²
///     θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)
///
/// Source: torch.optim.AdamW; −g for g with `maximize`.
public struct TorchAdamW: OptimizerRule, Configurable {
  public static let name = "adamw"
  public static let className = "AdamW"

  public var learningRate: Float?
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var amsgrad: Bool
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0.01, amsgrad: Bool = false,
    maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.amsgrad = amsgrad
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchAdamW>] {
    [
      .number("betas_1", \.beta1), .number("betas_2", \.beta2), .number("eps", \.epsilon),
      .number("weight_decay", \.weightDecay), .flag("amsgrad", \.amsgrad),
      .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    try check("beta2", beta2, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 0.001
  }

  public var slots: [SlotSpec] {
    [SlotSpec("exp_avg"), SlotSpec("exp_avg_sq")] + (amsgrad ? [SlotSpec("max_exp_avg_sq")] : [])
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let (theta, g) = TorchGradient.decayed(
      theta, g, weightDecay, maximize, decoupled: true, state.learningRate)
    let moments = TorchMoments(g, state, beta1, beta2)
    var slots = moments.slots
    var square = moments.v
    if amsgrad {
      square = .maximum(state["max_exp_avg_sq"], square)
      slots["max_exp_avg_sq"] = square
    }
    let root = Power.complement(beta2, state.step).squareRoot()
    let denominator = square.squareRoot() / root + Float(epsilon)
    let rate = state.learningRate / Power.complement(beta1, state.step)
    return ParameterUpdate(theta - rate * (moments.m / denominator), slots: slots)
  }
}

extension TorchAdamW {
  public var equation: [String] {
    [
      "θ ← θ·(1 − η·λ)",
      "m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²",
      "θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)",
    ]
  }
}
