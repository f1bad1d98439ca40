public import StrataTensor

/// A learning rate that follows from the number of updates: part of an optimizer, in the place of
/// its rate.
///
///     SGD(momentum: 0.9).scheduled(ExponentialDecay(initialRate: 0.1, decaySteps: 100, decayRate: 0.96))
public protocol LearningRateSchedule: Sendable, Codable, Equatable {
  /// The class name in files, for example `ExponentialDecay`.
  static var className: String { get }

  /// The rate of an update: a scalar.
  ///
  /// - Parameter iteration: how many updates came before, from 0: a scalar.
  func rate(at iteration: Tensor) -> Tensor

  /// The momentum of an update, where the schedule moves it too (torch's `OneCycleLR`).
  func momentum(at iteration: Tensor) -> Tensor?

  /// Checks the settings.
  ///
  /// - Throws: `HyperparameterError` for a value that cannot be used.
  func check() throws(HyperparameterError)
}

extension LearningRateSchedule {
  public func momentum(at iteration: Tensor) -> Tensor? { nil }
  public func check() throws(HyperparameterError) {}

  /// The rate of an update as a number.
  package func value(at iteration: Int) -> Float {
    (try? rate(at: Tensor(Float(iteration))).floats().first) ?? .nan
  }

  /// An error that names the schedule.
  public func error(
    _ setting: String, _ expected: String, _ found: String
  ) -> HyperparameterError {
    HyperparameterError(owner: Self.className, setting: setting, expected: expected, found: found)
  }

  /// - Throws: `HyperparameterError` unless the value is above 0.
  public func checkPositive(_ setting: String, _ value: Double) throws(HyperparameterError) {
    guard value > 0 else { throw error(setting, "above 0", "\(value)") }
  }
}

extension OptimizerRule {
  /// The rule with its rate taken from a schedule.
  public func scheduled(_ schedule: any LearningRateSchedule) -> Optimizer {
    Optimizer(self).scheduled(schedule)
  }
}

extension Optimizer {
  /// The optimizer with its rate taken from a schedule.
  public func scheduled(_ schedule: any LearningRateSchedule) -> Optimizer {
    var copy = self
    copy.schedule = schedule
    return copy
  }

  /// Whether two optional schedules are the same.
  static func areEqual(
    _ a: (any LearningRateSchedule)?, _ b: (any LearningRateSchedule)?
  ) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return isEqual(a, b)
  }

  private static func isEqual<Schedule: LearningRateSchedule>(
    _ a: Schedule, _ b: any LearningRateSchedule
  ) -> Bool {
    (b as? Schedule) == a
  }
}
