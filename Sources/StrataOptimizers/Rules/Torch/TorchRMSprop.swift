public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's RMSprop: ε outside of the root, the rate outside of the momentum.
///
///     a ← α·a + (1−α)·g²
///     s = √a + ε,   with `centered` √(a − ḡ²) + ε, ḡ the running mean gradient
///     θ ← θ − η·g/s        with momentum: b ← μ·b + g/s, θ ← θ − η·b
///
/// Source: torch.optim.RMSprop; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
public struct TorchRMSprop: OptimizerRule, Configurable {
  public static let name = "rmsprop"
  public static let className = "RMSprop"

  public var learningRate: Float?
  public var alpha: Double
  public var epsilon: Double
  public var momentum: Double
  public var centered: Bool
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, alpha: Double = 0.99, epsilon: Double = 1e-8,
    momentum: Double = 0, centered: Bool = false, weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchRMSprop>] {
    [
      .number("alpha", \.alpha), .number("eps", \.epsilon), .number("momentum", \.momentum),
      .flag("centered", \.centered), .number("weight_decay", \.weightDecay),
      .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try check("alpha", alpha, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    try checkNotNegative("momentum", momentum)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 0.01
  }

  public var slots: [SlotSpec] {
    [SlotSpec("square_avg")] + (momentum > 0 ? [SlotSpec("momentum_buffer")] : [])
      + (centered ? [SlotSpec("grad_avg")] : [])
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let g = TorchGradient.of(theta, g, weightDecay, maximize)
    let a = AverageForm.weighted.average(state["square_avg"], g.square(), alpha, .double)
    var slots = ["square_avg": a]
    var square = a
    if centered {
      let mean = AverageForm.incremental.average(state["grad_avg"], g, alpha, .double)
      slots["grad_avg"] = mean
      square = a - mean.square()
    }
    let step = g / (square.squareRoot() + Float(epsilon))
    guard momentum > 0 else {
      return ParameterUpdate(theta - state.learningRate * step, slots: slots)
    }
    let b = (state.momentum ?? Tensor(Float(momentum))) * state["momentum_buffer"] + step
    slots["momentum_buffer"] = b
    return ParameterUpdate(theta - state.learningRate * b, slots: slots)
  }
}

extension TorchRMSprop {
  public var equation: [String] {
    [
      "a ← α·a + (1−α)·g²",
      "s = √a + ε,   with `centered` √(a − ḡ²) + ε, ḡ the running mean gradient",
      "θ ← θ − η·g/s        with momentum: b ← μ·b + g/s, θ ← θ − η·b",
    ]
  }
}
