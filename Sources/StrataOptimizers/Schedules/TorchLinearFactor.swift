public import StrataCore
public import StrataTensor

/// torch's `LinearLR`: a factor on the rate that goes straight from a to b in n steps,
/// `η = η₀·(a + (b − a)·min(i, n)/n)`.
public struct TorchLinearFactor: LearningRateSchedule, Configurable {
  public static let className = "LinearLR"

  public var initialRate: Double
  public var startFactor: Double
  public var endFactor: Double
  public var steps: Double

  public init(
    initialRate: Double = .nan, startFactor: Double = 1.0 / 3, endFactor: Double = 1,
    steps: Double = 5
  ) {
    self.initialRate = initialRate
    self.startFactor = startFactor
    self.endFactor = endFactor
    self.steps = steps
  }

  public static var settings: [Setting<TorchLinearFactor>] {
    [
      .number("initial_lr", \.initialRate), .number("start_factor", \.startFactor),
      .number("end_factor", \.endFactor), .number("total_iters", \.steps),
    ]
  }

  public func check() throws(HyperparameterError) {
    try checkPositive("steps", steps)
    guard startFactor > 0, startFactor <= 1 else {
      throw error("startFactor", "above 0, and 1 at most", "\(startFactor)")
    }
  }

  public func rate(at iteration: Tensor) -> Tensor {
    let done = Tensor.minimum(iteration, Tensor(Float(steps))) / Float(steps)
    return Float(initialRate * startFactor) + Float(initialRate * (endFactor - startFactor)) * done
  }
}
