public import StrataCore
public import StrataTensor

/// torch's `ConstantLR`: a factor on the rate for the first steps, `η = η₀·factor` for i below the number.
public struct TorchConstantFactor: LearningRateSchedule, Configurable {
  public static let className = "ConstantLR"

  public var initialRate: Double
  public var factor: Double
  public var steps: Double

  public init(
    initialRate: Double = .nan, factor: Double = 1.0 / 3, steps: Double = 5
  ) {
    self.initialRate = initialRate
    self.factor = factor
    self.steps = steps
  }

  public static var settings: [Setting<TorchConstantFactor>] {
    [
      .number("initial_lr", \.initialRate), .number("factor", \.factor),
      .number("total_iters", \.steps),
    ]
  }

  public func rate(at iteration: Tensor) -> Tensor {
    let isOver = Tensor(Float(steps)).isLessOrEqual(to: iteration)
    return .select(isOver, Tensor(Float(initialRate)), Tensor(Float(initialRate * factor)))
  }
}
