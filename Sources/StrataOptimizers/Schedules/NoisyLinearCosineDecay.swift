public import StrataCore
public import StrataTensor

/// A straight fall with noise, times a wave.
///
///     η = η₀·((α + 1 − i/n + ε)·½·(1 + cos(π·2·periods·i/n)) + β)          i ≤ n
///     ε ~ N(0, variance / (1 + i)^varianceDecay)
///
/// Source: Bello et al. 2017 (arXiv:1709.07417); Keras 2.4 to 2.15. The noise is Strata's own: for each
/// seed one draw for each step, which repeat after 65 536 steps or `decaySteps`; without a seed, that
/// of seed 0.
public struct NoisyLinearCosineDecay: LearningRateSchedule, Configurable {
  public static let className = "NoisyLinearCosineDecay"

  public var initialRate: Double
  public var decaySteps: Double
  public var variance: Double
  public var varianceDecay: Double
  public var periods: Double
  public var alpha: Double
  public var beta: Double
  public var seed: Int?

  public init(
    initialRate: Double = .nan, decaySteps: Double = .nan, variance: Double = 1,
    varianceDecay: Double = 0.55, periods: Double = 0.5, alpha: Double = 0, beta: Double = 0.001,
    seed: Int? = nil
  ) {
    self.initialRate = initialRate
    self.decaySteps = decaySteps
    self.variance = variance
    self.varianceDecay = varianceDecay
    self.periods = periods
    self.alpha = alpha
    self.beta = beta
    self.seed = seed
  }

  public static var settings: [Setting<NoisyLinearCosineDecay>] {
    [
      .number("initial_learning_rate", \.initialRate), .number("decay_steps", \.decaySteps),
      .number("initial_variance", \.variance), .number("variance_decay", \.varianceDecay),
      .number("num_periods", \.periods), .number("alpha", \.alpha), .number("beta", \.beta),
      .integer("seed", \.seed),
    ]
  }

  public func check() throws(HyperparameterError) {
    try checkPositive("decaySteps", decaySteps)
    guard variance >= 0 else { throw error("variance", "at least 0", "\(variance)") }
  }

  public func rate(at iteration: Tensor) -> Tensor {
    let steps = Float(decaySteps)
    let done = Tensor.minimum(iteration, Tensor(steps))
    let line = (steps - done) / steps + noise(iteration, done)
    let wave = 0.5 * (1 + (Float.pi32 * (2 * Float(periods) * (done / steps))).cos())
    return Float(initialRate) * ((Float(alpha) + line) * wave + Float(beta))
  }

  private func noise(_ iteration: Tensor, _ done: Tensor) -> Tensor {
    guard variance > 0 else { return 0 }
    let count = Int(min(max(decaySteps.rounded(.up), 1), 65_536))
    var stream = Philox(seed: UInt64(bitPattern: Int64(seed ?? 0)), name: Self.className)
    let draws = Tensor(stream.normal(count: count), shape: [count, 1])
    let place = iteration - Float(count) * (iteration / Float(count)).floor()
    let deviation =
      (Float(variance) / (1 + done).power(Tensor(Float(varianceDecay)))).squareRoot()
    return deviation * draws.gather(place.reshaped([1]).asInt32()).reshaped([])
  }
}
