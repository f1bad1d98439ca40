public import StrataCore
public import StrataTensor

/// torch's `OneCycleLR`: the rate rises and falls once, the momentum the other way.
///
/// From `maxRate/divFactor` to `maxRate` in the first `risePart` of `totalSteps`, then down to
/// `maxRate/(divFactor·finalDivFactor)`, each along half a wave (or straight): from a to b
/// `b + (a − b)/2·(1 + cos(π·f))`. Source: Smith & Topin 2018 (arXiv:1708.07120); torch 1.3 and later.
public struct TorchOneCycle: LearningRateSchedule, Configurable {
  public static let className = "OneCycleLR"

  public var maxRate: Double
  public var totalSteps: Double
  public var risePart: Double
  public var divFactor: Double
  public var finalDivFactor: Double
  public var movesMomentum: Bool
  public var baseMomentum: Double
  public var maxMomentum: Double
  /// Down to the first rate, as long as up, before the last fall.
  public var hasThreePhases: Bool
  public var isLinear: Bool

  public init(
    maxRate: Double = .nan, totalSteps: Double = .nan, risePart: Double = 0.3,
    divFactor: Double = 25, finalDivFactor: Double = 1e4, movesMomentum: Bool = true,
    baseMomentum: Double = 0.85, maxMomentum: Double = 0.95, hasThreePhases: Bool = false,
    isLinear: Bool = false
  ) {
    self.maxRate = maxRate
    self.totalSteps = totalSteps
    self.risePart = risePart
    self.divFactor = divFactor
    self.finalDivFactor = finalDivFactor
    self.movesMomentum = movesMomentum
    self.baseMomentum = baseMomentum
    self.maxMomentum = maxMomentum
    self.hasThreePhases = hasThreePhases
    self.isLinear = isLinear
  }

  enum Strategy: String { case cos, linear }
  /// `isLinear` in the words of files.
  var strategy: Strategy {
    get { isLinear ? .linear : .cos }
    set { isLinear = newValue == .linear }
  }

  public static var settings: [Setting<TorchOneCycle>] {
    [
      .number("max_lr", \.maxRate), .number("total_steps", \.totalSteps),
      .number("pct_start", \.risePart), .number("div_factor", \.divFactor),
      .number("final_div_factor", \.finalDivFactor), .flag("cycle_momentum", \.movesMomentum),
      .number("base_momentum", \.baseMomentum), .number("max_momentum", \.maxMomentum),
      .flag("three_phase", \.hasThreePhases),
      .choice("anneal_strategy", \.strategy),
    ]
  }

  public func check() throws(HyperparameterError) {
    try checkPositive("totalSteps", totalSteps)
    guard (0...1).contains(risePart) else {
      throw error("risePart", "between 0 and 1", "\(risePart)")
    }
  }

  /// The step at which a phase ends, and what rate and momentum it leads to.
  private struct Phase {
    var end: Double
    var rate: Double
    var momentum: Double
  }

  private var phases: [Phase] {
    let first = maxRate / divFactor
    let last = Phase(end: totalSteps - 1, rate: first / finalDivFactor, momentum: maxMomentum)
    let top = Phase(end: risePart * totalSteps - 1, rate: maxRate, momentum: baseMomentum)
    let back = Phase(end: 2 * risePart * totalSteps - 2, rate: first, momentum: maxMomentum)
    return hasThreePhases ? [top, back, last] : [top, last]
  }

  public func rate(at iteration: Tensor) -> Tensor {
    value(at: iteration, from: maxRate / divFactor, \.rate)
  }

  public func momentum(at iteration: Tensor) -> Tensor? {
    movesMomentum ? value(at: iteration, from: maxMomentum, \.momentum) : nil
  }

  private func value(
    at iteration: Tensor, from first: Double, _ path: KeyPath<Phase, Double>
  ) -> Tensor {
    var (start, a) = (0.0, first)
    var pieces: [(end: Double, value: Tensor)] = []
    for phase in phases {
      let b = phase[keyPath: path]
      let fraction = (iteration - Float(start)) / Float(phase.end - start)
      let piece =
        isLinear
        ? Float(b - a) * fraction + Float(a)
        : Float(b) + Float((a - b) / 2) * (1 + (Float.pi32 * fraction).cos())
      pieces.append((phase.end, piece))
      (start, a) = (phase.end, b)
    }
    var result = pieces.removeLast().value
    for (end, value) in pieces.reversed() {
      result = .select(iteration.isLessOrEqual(to: Tensor(Float(end))), value, result)
    }
    return result
  }
}
