public import StrataCore
public import StrataTensor

/// A rate that falls along half a wave again and again, each fall `periodFactor` times as long and
/// `rateFactor` times as high as the one before.
///
///     η = η₀·((1 − α)·½·mᵏ·(1 + cos(π·f)) + α)          k: falls done, f: the share of the present one
///
/// Source: Loshchilov & Hutter 2017 (arXiv:1608.03983); Keras since 2.4.
public struct CosineDecayRestarts: LearningRateSchedule, Configurable {
  public static let className = "CosineDecayRestarts"

  public var initialRate: Double
  public var firstDecaySteps: Double
  public var periodFactor: Double
  public var rateFactor: Double
  public var alpha: Double

  public init(
    initialRate: Double = .nan, firstDecaySteps: Double = .nan, periodFactor: Double = 2,
    rateFactor: Double = 1, alpha: Double = 0
  ) {
    self.initialRate = initialRate
    self.firstDecaySteps = firstDecaySteps
    self.periodFactor = periodFactor
    self.rateFactor = rateFactor
    self.alpha = alpha
  }

  public static var settings: [Setting<CosineDecayRestarts>] {
    [
      .number("initial_learning_rate", \.initialRate),
      .number("first_decay_steps", \.firstDecaySteps), .number("t_mul", \.periodFactor),
      .number("m_mul", \.rateFactor), .number("alpha", \.alpha),
    ]
  }

  public func check() throws(HyperparameterError) {
    try checkPositive("firstDecaySteps", firstDecaySteps)
    try checkPositive("periodFactor", periodFactor)
  }

  public func rate(at iteration: Tensor) -> Tensor {
    let (falls, fraction) = position(iteration / Float(firstDecaySteps))
    let height = Tensor(Float(rateFactor)).power(falls)
    let wave = 0.5 * height * (1 + (Float.pi32 * fraction).cos())
    return Float(initialRate) * (Float(1 - alpha) * wave + Float(alpha))
  }

  /// The falls done, and the share of the present one, where `x` counts first falls.
  private func position(_ x: Tensor) -> (falls: Tensor, fraction: Tensor) {
    let t = Float(periodFactor)
    guard t != 1 else { return (x.floor(), x - x.floor()) }
    let falls = ((1 - x * (1 - t)).log() / Tensor(t).log()).floor()
    let length = Tensor(t).power(falls)
    return (falls, (x - (1 - length) / (1 - t)) / length)
  }
}
