public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's Adam: ε is added after the bias correction, as in the paper's algorithm 1.
///
///     m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²
///     θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)
///
/// With `amsgrad` the largest v so far stands in the step. With `decoupledWeightDecay`:
/// `θ ← θ·(1 − η·λ)` first, and g as it is.
///
/// Source: torch.optim.Adam; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
public struct TorchAdam: OptimizerRule, Configurable {
  public static let name = "adam"
  public static let className = "Adam"

  public var learningRate: Float?
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var amsgrad: Bool
  public var maximize: Bool
  public var decoupledWeightDecay: Bool

  public init(
    learningRate: Float? = nil, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false,
    maximize: Bool = false, decoupledWeightDecay: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.amsgrad = amsgrad
    self.maximize = maximize
    self.decoupledWeightDecay = decoupledWeightDecay
  }

  public static var settings: [Setting<TorchAdam>] {
    [
      .number("betas_1", \.beta1), .number("betas_2", \.beta2), .number("eps", \.epsilon),
      .number("weight_decay", \.weightDecay), .flag("amsgrad", \.amsgrad),
      .flag("maximize", \.maximize), .flag("decoupled_weight_decay", \.decoupledWeightDecay),
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
      theta, g, weightDecay, maximize, decoupled: decoupledWeightDecay, state.learningRate)
    let moments = TorchMoments(g, state, beta1, beta2)
    var slots = moments.slots
    var square = moments.v
    if amsgrad {
      square = .maximum(state["max_exp_avg_sq"], square)
      slots["max_exp_avg_sq"] = square
    }
    let root = Power.complement(beta2, state.step).squareRoot()
    let denominator = square.squareRoot() / root + Float(epsilon)
    let rate = state.learningRate / state.complement(beta1)
    return ParameterUpdate(theta - rate * (moments.m / denominator), slots: slots)
  }
}

extension TorchAdam {
  public var equation: [String] {
    [
      "m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²",
      "θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)",
    ]
  }
}
