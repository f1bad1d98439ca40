public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's Rprop: steps whose sizes follow from whether the gradient keeps its sign.
///
///     s ← clip(s·η₊ or s·η₋ or s, minimum, maximum), as g·g_old is positive, negative or 0
///     where it is negative, g ← 0
///     θ ← θ − s·sign(g)
///
/// Source: torch.optim.Rprop; Riedmiller & Braun 1993. s starts as the learning rate; −g for g with
/// `maximize`.
public struct TorchRprop: OptimizerRule, Configurable {
  public static let name = "rprop"
  public static let className = "Rprop"

  public var learningRate: Float?
  public var decrease: Double
  public var increase: Double
  public var minimum: Double
  public var maximum: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, decrease: Double = 0.5, increase: Double = 1.2,
    minimum: Double = 1e-6, maximum: Double = 50, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.decrease = decrease
    self.increase = increase
    self.minimum = minimum
    self.maximum = maximum
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchRprop>] {
    [
      .number("etas_1", \.decrease), .number("etas_2", \.increase),
      .number("step_sizes_1", \.minimum), .number("step_sizes_2", \.maximum),
      .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try check("decrease", decrease, in: 0...1)
    try checkNotNegative("increase", increase)
    try checkNotNegative("minimum", minimum)
    try checkNotNegative("maximum", maximum)
    learningRate = learningRate ?? 0.01
  }

  public var slots: [SlotSpec] {
    [SlotSpec("prev"), SlotSpec("step_size", initialValue: learningRate ?? 0.01)]
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let g = maximize ? -g : g
    let agreement = (g * state["prev"]).sign()
    let isTurned = agreement.isLess(than: 0)
    let smaller = Tensor.select(isTurned, Tensor(Float(decrease)), 1)
    let factor = Tensor.select(
      agreement.isGreater(than: 0), Tensor(Float(increase)), smaller)
    let size = Tensor.minimum(
      .maximum(state["step_size"] * factor, Tensor(Float(minimum))), Tensor(Float(maximum)))
    let kept = Tensor.select(isTurned, 0, g)
    return ParameterUpdate(
      theta - kept.sign() * size, slots: ["prev": kept, "step_size": size])
  }
}

extension TorchRprop {
  public var equation: [String] {
    [
      "s ← clip(s·η₊ or s·η₋ or s, minimum, maximum), as g·g_old is positive, negative or 0",
      "where it is negative, g ← 0",
      "θ ← θ − s·sign(g)",
    ]
  }
}
