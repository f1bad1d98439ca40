public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's averaged stochastic gradient descent.
///
///     ηₜ = η/(1 + λ·η·(t−1))^α         λ = shrinkage
///     θ ← θ·(1 − λ·ηₜ) − ηₜ·g
///     ā ← ā + (θ − ā)/max(1, t−1−start)
///
/// Source: torch.optim.ASGD; the gradient is g + w·θ with `weightDecay` w, −g with `maximize`.
/// The method: Polyak & Juditsky 1992. θ is what is trained; ā is what a finished model should use.
public struct TorchASGD: OptimizerRule, Configurable {
  public static let name = "asgd"
  public static let className = "ASGD"

  public var learningRate: Float?
  public var shrinkage: Double
  public var alpha: Double
  public var start: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, shrinkage: Double = 1e-4, alpha: Double = 0.75,
    start: Double = 1e6, weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.shrinkage = shrinkage
    self.alpha = alpha
    self.start = start
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchASGD>] {
    [
      .number("lambd", \.shrinkage), .number("alpha", \.alpha), .number("t0", \.start),
      .number("weight_decay", \.weightDecay), .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try checkNotNegative("shrinkage", shrinkage)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 0.01
  }

  public var slots: [SlotSpec] { [SlotSpec("ax")] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let g = TorchGradient.of(theta, g, weightDecay, maximize)
    let done = state.step - 1
    let divisor = 1 + Float(shrinkage) * state.learningRate * done
    let rate = state.learningRate / divisor.power(Tensor(Float(alpha)))
    let moved = theta * (1 - Float(shrinkage) * rate) - rate * g
    let share = 1 / Tensor.maximum(1, done - Float(start))
    let average = state["ax"] + (moved - state["ax"]) * share
    let value = Tensor.select(share.isEqual(to: 1), moved, average)
    return ParameterUpdate(moved, slots: ["ax": value])
  }
}

extension TorchASGD {
  public var equation: [String] {
    [
      "ηₜ = η/(1 + λ·η·(t−1))^α         λ = shrinkage",
      "θ ← θ·(1 − λ·ηₜ) − ηₜ·g",
      "ā ← ā + (θ − ā)/max(1, t−1−start)",
    ]
  }
}
