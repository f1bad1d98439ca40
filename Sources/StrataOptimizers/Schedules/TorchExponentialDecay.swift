public import StrataCore
public import StrataTensor

/// torch's `ExponentialLR`: a factor at every step, `η = η₀·γ^i`.
public struct TorchExponentialDecay: LearningRateSchedule, Configurable {
  public static let className = "ExponentialLR"

  public var initialRate: Double
  public var gamma: Double

  public init(
    initialRate: Double = .nan, gamma: Double = .nan
  ) {
    self.initialRate = initialRate
    self.gamma = gamma
  }

  public static var settings: [Setting<TorchExponentialDecay>] {
    [
      .number("initial_lr", \.initialRate), .number("gamma", \.gamma),
    ]
  }

  public func rate(at iteration: Tensor) -> Tensor {
    Float(initialRate) * Self.power(gamma, iteration)
  }
}
