public import StrataCore
public import StrataTensor

/// torch's `StepLR`: the rate falls by a factor after every so many steps, `η = η₀·γ^⌊i/size⌋`.
public struct TorchStepDecay: LearningRateSchedule, Configurable {
  public static let className = "StepLR"

  public var initialRate: Double
  public var stepSize: Double
  public var gamma: Double

  public init(
    initialRate: Double = .nan, stepSize: Double = .nan, gamma: Double = 0.1
  ) {
    self.initialRate = initialRate
    self.stepSize = stepSize
    self.gamma = gamma
  }

  public static var settings: [Setting<TorchStepDecay>] {
    [
      .number("initial_lr", \.initialRate), .number("step_size", \.stepSize),
      .number("gamma", \.gamma),
    ]
  }

  public func check() throws(HyperparameterError) { try checkPositive("stepSize", stepSize) }

  public func rate(at iteration: Tensor) -> Tensor {
    Float(initialRate) * Self.power(gamma, (iteration / Float(stepSize)).floor())
  }
}
