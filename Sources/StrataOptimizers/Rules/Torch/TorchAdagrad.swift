public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's Adagrad.
///
///     a ← a + g²
///     θ ← θ − η/(1 + (t−1)·rateDecay) · g / (√a + ε)
///
/// Source: torch.optim.Adagrad; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
public struct TorchAdagrad: OptimizerRule, Configurable {
  public static let name = "adagrad"
  public static let className = "Adagrad"

  public var learningRate: Float?
  public var rateDecay: Double
  public var initialAccumulator: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, rateDecay: Double = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10, weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.rateDecay = rateDecay
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchAdagrad>] {
    [
      .number("lr_decay", \.rateDecay),
      .number("initial_accumulator_value", \.initialAccumulator), .number("eps", \.epsilon),
      .number("weight_decay", \.weightDecay), .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try checkNotNegative("rateDecay", rateDecay)
    try checkNotNegative("initialAccumulator", initialAccumulator)
    try checkNotNegative("epsilon", epsilon)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 0.01
  }

  public var slots: [SlotSpec] {
    [SlotSpec("sum", initialValue: Float(initialAccumulator))]
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let g = TorchGradient.of(theta, g, weightDecay, maximize)
    let a = state["sum"] + g.square()
    let rate = state.learningRate / (1 + (state.step - 1) * Float(rateDecay))
    let step = rate * (g / (a.squareRoot() + Float(epsilon)))
    return ParameterUpdate(theta - step, slots: ["sum": a])
  }
}

extension TorchAdagrad {
  public var equation: [String] {
    [
      "a ← a + g²",
      "θ ← θ − η/(1 + (t−1)·rateDecay) · g / (√a + ε)",
    ]
  }
}
