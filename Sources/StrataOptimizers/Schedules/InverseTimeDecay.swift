public import StrataCore
public import StrataTensor

/// A rate divided by what grows with the updates: `η = η₀/(1 + r·i/n)`.
///
/// With `staircase` the quotient i/n is rounded down. Source: Keras since 2.4.
public struct InverseTimeDecay: LearningRateSchedule, Configurable {
  public static let className = "InverseTimeDecay"

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

  public static var settings: [Setting<InverseTimeDecay>] {
    [
      .number("initial_learning_rate", \.initialRate), .number("decay_steps", \.decaySteps),
      .number("decay_rate", \.decayRate), .flag("staircase", \.staircase),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("decaySteps", decaySteps) }

  public func rate(at iteration: Tensor) -> Tensor {
    let quotient = iteration / Float(decaySteps)
    return Float(initialRate) / (1 + Float(decayRate) * (staircase ? quotient.floor() : quotient))
  }
}
