public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's NAdam: Adam with Nesterov's momentum, whose size follows a schedule.
///
///     μₜ = β₁·(1 − ½·0.96^(t·s)),  S ← S·μₜ                s = momentumDecay, S starts from 1
///     m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²;  D = √(v/(1−β₂ᵗ)) + ε
///     θ ← θ − η·(1−μₜ)/(1−S) · g/D − η·μₜ₊₁/(1−S·μₜ₊₁) · m/D
///
/// Source: torch.optim.NAdam; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
public struct TorchNAdam: OptimizerRule, Configurable {
  public static let name = "nadam"
  public static let className = "NAdam"

  public var learningRate: Float?
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var momentumDecay: Double
  public var decoupledWeightDecay: Bool
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, momentumDecay: Double = 0.004,
    decoupledWeightDecay: Bool = false, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentumDecay = momentumDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchNAdam>] {
    [
      .number("betas_1", \.beta1), .number("betas_2", \.beta2), .number("eps", \.epsilon),
      .number("weight_decay", \.weightDecay), .number("momentum_decay", \.momentumDecay),
      .flag("decoupled_weight_decay", \.decoupledWeightDecay), .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    try check("beta2", beta2, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    try checkNotNegative("weightDecay", weightDecay)
    try checkNotNegative("momentumDecay", momentumDecay)
    learningRate = learningRate ?? 0.002
  }

  public var slots: [SlotSpec] { [SlotSpec("exp_avg"), SlotSpec("exp_avg_sq")] }
  public var globals: [SlotSpec] { [SlotSpec("mu_product", initialValue: 1)] }

  private func momentum(_ step: Tensor) -> Tensor {
    Float(beta1) * (1 - 0.5 * Power.of(0.96, step * Float(momentumDecay)))
  }

  public func updateGlobals(_ state: OptimizerState) -> [String: Tensor] {
    ["mu_product": state["mu_product"] * momentum(state.step)]
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let (theta, g) = TorchGradient.decayed(
      theta, g, weightDecay, maximize, decoupled: decoupledWeightDecay, state.learningRate)
    let moments = TorchMoments(g, state, beta1, beta2)
    let square = moments.v / Power.complement(beta2, state.step)
    let denominator = square.squareRoot() + Float(epsilon)
    let (now, next) = (momentum(state.step), momentum(state.step + 1))
    let product = state["mu_product"] * now
    let rate = state.learningRate
    let gradientPart = rate * (1 - now) / (1 - product) * (g / denominator)
    let momentPart = rate * next / (1 - product * next) * (moments.m / denominator)
    return ParameterUpdate(theta - gradientPart - momentPart, slots: moments.slots)
  }
}

extension TorchNAdam {
  public var equation: [String] {
    [
      "μₜ = β₁·(1 − ½·0.96^(t·s)),  S ← S·μₜ                s = momentumDecay, S starts from 1",
      "m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²;  D = √(v/(1−β₂ᵗ)) + ε",
      "θ ← θ − η·(1−μₜ)/(1−S) · g/D − η·μₜ₊₁/(1−S·μₜ₊₁) · m/D",
    ]
  }
}
