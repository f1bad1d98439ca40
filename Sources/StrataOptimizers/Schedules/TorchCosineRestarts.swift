public import StrataCore
public import StrataTensor

/// torch's `CosineAnnealingWarmRestarts`: half a wave down again and again, each fall `factor` times as
/// long as the one before.
///
///     η = η₁ + (η₀ − η₁)·½·(1 + cos(π·j/n))          j: steps of the present fall, n: its length
///
/// Source: Loshchilov & Hutter 2017 (arXiv:1608.03983).
public struct TorchCosineRestarts: LearningRateSchedule, Configurable {
  public static let className = "CosineAnnealingWarmRestarts"

  public var initialRate: Double
  public var firstSteps: Double
  public var factor: Double
  public var minimumRate: Double

  public init(
    initialRate: Double = .nan, firstSteps: Double = .nan, factor: Double = 1,
    minimumRate: Double = 0
  ) {
    self.initialRate = initialRate
    self.firstSteps = firstSteps
    self.factor = factor
    self.minimumRate = minimumRate
  }

  public static var settings: [Setting<TorchCosineRestarts>] {
    [
      .number("initial_lr", \.initialRate), .number("T_0", \.firstSteps),
      .number("T_mult", \.factor), .number("eta_min", \.minimumRate),
    ]
  }

  public func check() throws(HyperparameterError) {
    try checkPositive("firstSteps", firstSteps)
    guard factor >= 1, factor == factor.rounded() else {
      throw error("factor", "a whole number, 1 at least", "\(factor)")
    }
  }

  public func rate(at iteration: Tensor) -> Tensor {
    let wave = (Float.pi32 * share(iteration)).cos()
    return Float(minimumRate) + Float((initialRate - minimumRate) / 2) * (1 + wave)
  }

  /// The share of the present fall that is done.
  private func share(_ iteration: Tensor) -> Tensor {
    guard factor > 1 else {
      let falls = iteration / Float(firstSteps)
      return falls - falls.floor()
    }
    var result = iteration / Float(firstSteps)
    var (start, length) = (firstSteps, firstSteps * factor)
    // Steps are counted in Float32, whole up to 2^24.
    while start < 0x1p24 {
      let hasBegun = Tensor(Float(start)).isLessOrEqual(to: iteration)
      result = .select(hasBegun, (iteration - Float(start)) / Float(length), result)
      (start, length) = (start + length, length * factor)
    }
    return result
  }
}
