public import StrataCore
public import StrataTensor

/// torch's `MultiStepLR`: the rate falls by a factor at each milestone, `η = η₀·γ^n` with n the number of
/// milestones up to i.
public struct TorchMultiStepDecay: LearningRateSchedule, Configurable {
  public static let className = "MultiStepLR"

  public var initialRate: Double
  public var milestones: [Double]
  public var gamma: Double

  public init(
    initialRate: Double = .nan, milestones: [Double] = [], gamma: Double = 0.1
  ) {
    self.initialRate = initialRate
    self.milestones = milestones
    self.gamma = gamma
  }

  public static var settings: [Setting<TorchMultiStepDecay>] {
    [
      .number("initial_lr", \.initialRate), .numbers("milestones", \.milestones),
      .number("gamma", \.gamma),
    ]
  }

  public func rate(at iteration: Tensor) -> Tensor {
    var passed = Tensor(Float(0))
    for milestone in milestones {
      passed = passed + Tensor(Float(milestone)).isLessOrEqual(to: iteration)
    }
    return Float(initialRate) * Self.power(gamma, passed)
  }
}
