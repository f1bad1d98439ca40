public import StrataCore
public import StrataTensor

/// A rate that shrinks by one factor every so many updates: `η = η₀·r^(i/n)`.
///
/// With `staircase` the quotient i/n is rounded down. Source: Keras since 2.4 (TensorFlow's
/// `ExponentialDecay`).
public struct ExponentialDecay: LearningRateSchedule, Configurable {
  public static let className = "ExponentialDecay"

  public var initialRate: Double
  public var decaySteps: Double
  public var decayRate: Double
  public var staircase: Bool

  public init(
    initialRate: Double = .nan, decaySteps: Double = .nan, decayRate: Double = .nan,
    staircase: Bool = false
  ) {
    self.initialRate = initialRate
    self.decaySteps = decaySteps
    self.decayRate = decayRate
    self.staircase = staircase
  }

  public static var settings: [Setting<ExponentialDecay>] {
    [
      .number("initial_learning_rate", \.initialRate), .number("decay_steps", \.decaySteps),
      .number("decay_rate", \.decayRate), .flag("staircase", \.staircase),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("decaySteps", decaySteps) }

  public func rate(at iteration: Tensor) -> Tensor {
    let quotient = iteration / Float(decaySteps)
    let exponent = staircase ? quotient.floor() : quotient
    return Float(initialRate) * Tensor(Float(decayRate)).power(exponent)
  }
}
