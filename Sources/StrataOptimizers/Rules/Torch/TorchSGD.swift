public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's stochastic gradient descent: the rate stands outside of the momentum.
///
///     b ← μ·b + (1−dampening)·g        b starts as g
///     θ ← θ − η·b                       Nesterov: θ ← θ − η·(g + μ·b)
///
/// Source: torch.optim.SGD; the gradient is g + λ·θ with `weightDecay` λ, −g with `maximize`.
public struct TorchSGD: OptimizerRule, Configurable {
  public static let name = "sgd"
  public static let className = "SGD"

  public var learningRate: Float?
  public var momentum: Double
  public var dampening: Double
  public var nesterov: Bool
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, momentum: Double = 0, dampening: Double = 0,
    nesterov: Bool = false, weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchSGD>] {
    [
      .number("momentum", \.momentum), .number("dampening", \.dampening),
      .flag("nesterov", \.nesterov), .number("weight_decay", \.weightDecay),
      .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try checkNotNegative("momentum", momentum)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 0.001
  }

  public var slots: [SlotSpec] { momentum == 0 ? [] : [SlotSpec("momentum_buffer")] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let g = TorchGradient.of(theta, g, weightDecay, maximize)
    let rate = state.learningRate
    guard momentum != 0 else { return ParameterUpdate(theta - rate * g) }
    let mu = state.momentum ?? Tensor(Float(momentum))
    let later = mu * state["momentum_buffer"] + Float(1 - dampening) * g
    let b = Tensor.select(state.step.isEqual(to: 1), g, later)
    let direction = nesterov ? g + mu * b : b
    return ParameterUpdate(theta - rate * direction, slots: ["momentum_buffer": b])
  }
}

extension TorchSGD {
  public var equation: [String] {
    [
      "b ← μ·b + (1−dampening)·g        b starts as g",
      "θ ← θ − η·b                       Nesterov: θ ← θ − η·(g + μ·b)",
    ]
  }
}
