public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's Adadelta.
///
///     a ← ρ·a + (1−ρ)·g²
///     u = √(d + ε)/√(a + ε)·g,   d ← ρ·d + (1−ρ)·u²
///     θ ← θ − η·u
///
/// Source: torch.optim.Adadelta; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
public struct TorchAdadelta: OptimizerRule, Configurable {
  public static let name = "adadelta"
  public static let className = "Adadelta"

  public var learningRate: Float?
  public var rho: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, rho: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.rho = rho
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchAdadelta>] {
    [
      .number("rho", \.rho), .number("eps", \.epsilon), .number("weight_decay", \.weightDecay),
      .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try check("rho", rho, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 1
  }

  public var slots: [SlotSpec] { [SlotSpec("square_avg"), SlotSpec("acc_delta")] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let g = TorchGradient.of(theta, g, weightDecay, maximize)
    let old = state["acc_delta"]
    let a = AverageForm.weighted.average(state["square_avg"], g.square(), rho, .double)
    let u = (old + Float(epsilon)).squareRoot() / (a + Float(epsilon)).squareRoot() * g
    let d = AverageForm.weighted.average(old, u.square(), rho, .double)
    return ParameterUpdate(
      theta - state.learningRate * u, slots: ["square_avg": a, "acc_delta": d])
  }
}

extension TorchAdadelta {
  public var equation: [String] {
    [
      "a ← ρ·a + (1−ρ)·g²",
      "u = √(d + ε)/√(a + ε)·g,   d ← ρ·d + (1−ρ)·u²",
      "θ ← θ − η·u",
    ]
  }
}
