public import StrataCore
public import StrataTensor

/// torch's `CyclicLR`: the rate goes straight up and down between two bounds, the momentum the other way.
///
///     η = η₀ + (η₁ − η₀)·h·scale          h: from 0 to 1 in `stepsUp`, and back in `stepsDown`
///
/// The scale is 1, or ½ after each cycle, or γ^i. Source: Smith 2017 (arXiv:1506.01186).
public struct TorchCyclic: LearningRateSchedule, Configurable {
  public static let className = "CyclicLR"

  public var baseRate: Double
  public var maxRate: Double
  public var stepsUp: Double
  public var stepsDown: Double?
  public var mode: Mode
  public var gamma: Double
  public var movesMomentum: Bool
  public var baseMomentum: Double
  public var maxMomentum: Double

  public init(
    baseRate: Double = .nan, maxRate: Double = .nan, stepsUp: Double = 2000,
    stepsDown: Double? = nil, mode: Mode = .triangular, gamma: Double = 1,
    movesMomentum: Bool = true, baseMomentum: Double = 0.8, maxMomentum: Double = 0.9
  ) {
    self.baseRate = baseRate
    self.maxRate = maxRate
    self.stepsUp = stepsUp
    self.stepsDown = stepsDown
    self.mode = mode
    self.gamma = gamma
    self.movesMomentum = movesMomentum
    self.baseMomentum = baseMomentum
    self.maxMomentum = maxMomentum
  }

  public static var settings: [Setting<TorchCyclic>] {
    [
      .number("base_lr", \.baseRate), .number("max_lr", \.maxRate),
      .number("step_size_up", \.stepsUp), .number("step_size_down", \.stepsDown),
      .choice("mode", \.mode), .number("gamma", \.gamma), .flag("cycle_momentum", \.movesMomentum),
      .number("base_momentum", \.baseMomentum), .number("max_momentum", \.maxMomentum),
    ]
  }

  /// What becomes of the height.
  public enum Mode: String, Sendable, Codable {
    case triangular
    case halving = "triangular2"
    case exponential = "exp_range"
  }

  public func check() throws(HyperparameterError) {
    try checkPositive("stepsUp", stepsUp)
    guard stepsDown ?? 1 >= 0 else { throw error("stepsDown", "at least 0", "\(stepsDown ?? 0)") }
  }

  public func rate(at iteration: Tensor) -> Tensor {
    Float(baseRate) + Float(maxRate - baseRate) * height(iteration)
  }

  public func momentum(at iteration: Tensor) -> Tensor? {
    guard movesMomentum else { return nil }
    return Float(maxMomentum) - Float(maxMomentum - baseMomentum) * height(iteration)
  }

  /// How far the rate is above the lower bound, as a share of the distance of the bounds.
  private func height(_ iteration: Tensor) -> Tensor {
    let total = stepsUp + (stepsDown ?? stepsUp)
    let cycles = (iteration / Float(total)).floor()
    let step = iteration - Float(total) * cycles
    let up = step / Float(stepsUp)
    let down = (Float(total) - step) / Float(total - stepsUp)
    let isRising = step.isLessOrEqual(to: Tensor(Float(stepsUp)))
    let height = stepsDown == 0 ? up : Tensor.select(isRising, up, down)
    return switch mode {
    case .triangular: height
    case .halving: height * Self.power(0.5, cycles)
    case .exponential: height * Self.power(gamma, iteration)
    }
  }
}
