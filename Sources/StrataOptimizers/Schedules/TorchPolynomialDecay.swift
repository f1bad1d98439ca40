public import StrataCore
public import StrataTensor

/// torch's `PolynomialLR`: a power that ends at 0 after n steps, `η = η₀·(1 − min(i, n)/n)^p`.
public struct TorchPolynomialDecay: LearningRateSchedule, Configurable {
  public static let className = "PolynomialLR"

  public var initialRate: Double
  public var steps: Double
  public var power: Double

  public init(
    initialRate: Double = .nan, steps: Double = 5, power: Double = 1
  ) {
    self.initialRate = initialRate
    self.steps = steps
    self.power = power
  }

  public static var settings: [Setting<TorchPolynomialDecay>] {
    [
      .number("initial_lr", \.initialRate), .number("total_iters", \.steps),
      .number("power", \.power),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("steps", steps) }

  public func rate(at iteration: Tensor) -> Tensor {
    let left = (Float(steps) - Tensor.minimum(iteration, Tensor(Float(steps)))) / Float(steps)
    return Float(initialRate) * (power == 1 ? left : left.power(Tensor(Float(power))))
  }
}
