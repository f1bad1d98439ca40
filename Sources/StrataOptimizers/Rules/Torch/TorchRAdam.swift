public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's RAdam: Adam whose adaptive part waits until its variance is known.
///
///     m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²;  m̂ = m/(1−β₁ᵗ)
///     ρ∞ = 2/(1−β₂) − 1,   ρ = ρ∞ − 2t·β₂ᵗ/(1−β₂ᵗ)
///     ρ > 5:  r = √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ)),  θ ← θ − η·m̂·r·√(1−β₂ᵗ)/(√v + ε)
///     else:   θ ← θ − η·m̂
///
/// Source: torch.optim.RAdam; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
/// The method: Liu et al. 2020 (arXiv:1908.03265).
public struct TorchRAdam: OptimizerRule, Configurable {
  public static let name = "radam"
  public static let className = "RAdam"

  public var learningRate: Float?
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var decoupledWeightDecay: Bool
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, decoupledWeightDecay: Bool = false,
    maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchRAdam>] {
    [
      .number("betas_1", \.beta1), .number("betas_2", \.beta2), .number("eps", \.epsilon),
      .number("weight_decay", \.weightDecay),
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
    learningRate = learningRate ?? 0.001
  }

  public var slots: [SlotSpec] { [SlotSpec("exp_avg"), SlotSpec("exp_avg_sq")] }

  /// r·√(1−β₂ᵗ), and whether ρ > 5.
  private func rectification(_ t: Tensor) -> (factor: Tensor, isActive: Tensor) {
    let limit = 2 / (1 - beta2) - 1
    let bias = Power.complement(beta2, t)
    let rho = Float(limit) - 2 * t * Power.of(beta2, t) / bias
    let scale = Float(limit / ((limit - 4) * (limit - 2)))
    let isActive = rho.isGreater(than: 5)
    // Where it is not active the root might be of a negative number.
    let known = Tensor.select(isActive, rho, 6)
    let square = (known - 4) * (known - 2) * scale / known
    return (square.squareRoot() * bias.squareRoot(), isActive)
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let (theta, g) = TorchGradient.decayed(
      theta, g, weightDecay, maximize, decoupled: decoupledWeightDecay, state.learningRate)
    let moments = TorchMoments(g, state, beta1, beta2)
    let corrected = moments.m / Power.complement(beta1, state.step)
    let (factor, isActive) = rectification(state.step)
    let adaptive = factor / (moments.v.squareRoot() + Float(epsilon))
    let step = state.learningRate * corrected * Tensor.select(isActive, adaptive, 1)
    return ParameterUpdate(theta - step, slots: moments.slots)
  }
}

extension TorchRAdam {
  public var equation: [String] {
    [
      "m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²;  m̂ = m/(1−β₁ᵗ)",
      "ρ∞ = 2/(1−β₂) − 1,   ρ = ρ∞ − 2t·β₂ᵗ/(1−β₂ᵗ)",
      "ρ > 5:  r = √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ)),  θ ← θ − η·m̂·r·√(1−β₂ᵗ)/(√v + ε)",
      "else:   θ ← θ − η·m̂",
    ]
  }
}
