public import StrataCore
public import StrataTensor

/// A rate that falls to another one in so many updates: `η = (η₀ − η₁)·(1 − i/n)^p + η₁`.
///
/// Beyond n updates the rate stays at η₁; with `cycle` n grows to its next multiple instead. Source:
/// Keras since 2.4.
public struct PolynomialDecay: LearningRateSchedule, Configurable {
  public static let className = "PolynomialDecay"

  public var initialRate: Double
  public var decaySteps: Double
  public var endRate: Double
  public var power: Double
  public var cycle: Bool

  public init(
    initialRate: Double = .nan, decaySteps: Double = .nan, endRate: Double = 1e-4,
    power: Double = 1, cycle: Bool = false
  ) {
    self.initialRate = initialRate
    self.decaySteps = decaySteps
    self.endRate = endRate
    self.power = power
    self.cycle = cycle
  }

  public static var settings: [Setting<PolynomialDecay>] {
    [
      .number("initial_learning_rate", \.initialRate), .number("decay_steps", \.decaySteps),
      .number("end_learning_rate", \.endRate), .number("power", \.power), .flag("cycle", \.cycle),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("decaySteps", decaySteps) }

  public func rate(at iteration: Tensor) -> Tensor {
    let steps = Float(decaySteps)
    let fraction: Tensor
    if cycle {
      let ceiling = -((-(iteration / steps)).floor())
      fraction = iteration / (steps * Tensor.select(iteration.isEqual(to: 0), 1, ceiling))
    } else {
      fraction = Tensor.minimum(iteration, Tensor(steps)) / steps
    }
    let end = Float(endRate)
    return (Float(initialRate) - end) * (1 - fraction).power(Tensor(Float(power))) + end
  }
}
