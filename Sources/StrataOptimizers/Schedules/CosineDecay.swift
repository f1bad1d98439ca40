public import StrataCore
public import StrataTensor

/// A rate that falls along half a wave, after a straight rise if there is one.
///
///     η = η₀·((1 − α)·½·(1 + cos(π·i/n)) + α)          i ≤ n
///
/// With `warmupTarget` the rate first rises from η₀ to it in `warmupSteps` updates and then falls from
/// it. Source: Loshchilov & Hutter 2017 (arXiv:1608.03983); Keras since 2.4, the rise since 2.13.
public struct CosineDecay: LearningRateSchedule, Configurable {
  public static let className = "CosineDecay"

  public var initialRate: Double
  public var decaySteps: Double
  public var alpha: Double
  public var warmupTarget: Double?
  public var warmupSteps: Double

  public init(
    initialRate: Double = .nan, decaySteps: Double = .nan, alpha: Double = 0,
    warmupTarget: Double? = nil, warmupSteps: Double = 0
  ) {
    self.initialRate = initialRate
    self.decaySteps = decaySteps
    self.alpha = alpha
    self.warmupTarget = warmupTarget
    self.warmupSteps = warmupSteps
  }

  public static var settings: [Setting<CosineDecay>] {
    [
      .number("initial_learning_rate", \.initialRate), .number("decay_steps", \.decaySteps),
      .number("alpha", \.alpha), .number("warmup_target", \.warmupTarget),
      .number("warmup_steps", \.warmupSteps),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("decaySteps", decaySteps) }

  public func rate(at iteration: Tensor) -> Tensor {
    let steps = Float(decaySteps)
    guard let warmupTarget else {
      return fall(Tensor.minimum(iteration, Tensor(steps)) / steps, from: Float(initialRate))
    }
    let (target, rise) = (Float(warmupTarget), Float(warmupSteps))
    let reached = Tensor.minimum(iteration, Tensor(steps + rise))
    let later = fall((reached - rise) / steps, from: target)
    guard rise > 0 else { return later }
    let rising = (target - Float(initialRate)) * (reached / rise) + Float(initialRate)
    return .select(reached.isLess(than: Tensor(rise)), rising, later)
  }

  private func fall(_ fraction: Tensor, from rate: Float) -> Tensor {
    let wave = 0.5 * (1 + (Float.pi32 * fraction).cos())
    return rate * (Float(1 - alpha) * wave + Float(alpha))
  }
}

extension Float {
  /// π, rounded to nearest (`Float.pi` is rounded towards zero).
  static let pi32 = Float(Double.pi)
}
