public import StrataCore
public import StrataTensor

/// torch's `CosineAnnealingLR`: half a wave down in n steps, and up again afterwards,
/// `η = η₁ + (η₀ − η₁)·½·(1 + cos(π·i/n))`.
///
/// Source: Loshchilov & Hutter 2017 (arXiv:1608.03983), without restarts.
public struct TorchCosineAnnealing: LearningRateSchedule, Configurable {
  public static let className = "CosineAnnealingLR"

  public var initialRate: Double
  public var steps: Double
  public var minimumRate: Double

  public init(
    initialRate: Double = .nan, steps: Double = .nan, minimumRate: Double = 0
  ) {
    self.initialRate = initialRate
    self.steps = steps
    self.minimumRate = minimumRate
  }

  public static var settings: [Setting<TorchCosineAnnealing>] {
    [
      .number("initial_lr", \.initialRate), .number("T_max", \.steps),
      .number("eta_min", \.minimumRate),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("steps", steps) }

  public func rate(at iteration: Tensor) -> Tensor {
    // The wave repeats after 2n steps; small arguments keep the cosine's digits.
    let waves = iteration / Float(2 * steps)
    let wave = (2 * Float.pi32 * (waves - waves.floor())).cos()
    return Float(minimumRate) + Float((initialRate - minimumRate) / 2) * (1 + wave)
  }
}
