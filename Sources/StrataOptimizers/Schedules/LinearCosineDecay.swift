public import StrataCore
public import StrataTensor

/// A straight fall times a wave: `η = η₀·((α + 1 − i/n)·½·(1 + cos(π·2·periods·i/n)) + β)`, i ≤ n.
///
/// Source: Bello et al. 2017 (arXiv:1709.07417); Keras 2.4 to 2.15.
public struct LinearCosineDecay: LearningRateSchedule, Configurable {
  public static let className = "LinearCosineDecay"

  public var initialRate: Double
  public var decaySteps: Double
  public var periods: Double
  public var alpha: Double
  public var beta: Double

  public init(
    initialRate: Double = .nan, decaySteps: Double = .nan, periods: Double = 0.5,
    alpha: Double = 0, beta: Double = 0.001
  ) {
    self.initialRate = initialRate
    self.decaySteps = decaySteps
    self.periods = periods
    self.alpha = alpha
    self.beta = beta
  }

  public static var settings: [Setting<LinearCosineDecay>] {
    [
      .number("initial_learning_rate", \.initialRate), .number("decay_steps", \.decaySteps),
      .number("num_periods", \.periods), .number("alpha", \.alpha), .number("beta", \.beta),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("decaySteps", decaySteps) }

  public func rate(at iteration: Tensor) -> Tensor {
    let steps = Float(decaySteps)
    let done = Tensor.minimum(iteration, Tensor(steps))
    let line = (steps - done) / steps
    let wave = 0.5 * (1 + (Float.pi32 * (2 * Float(periods) * (done / steps))).cos())
    return Float(initialRate) * ((Float(alpha) + line) * wave + Float(beta))
  }
}
