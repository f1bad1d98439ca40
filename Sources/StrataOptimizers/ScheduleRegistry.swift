public import StrataCore

/// The built-in learning-rate schedules by their class names in files.
public enum ScheduleRegistry {
  public static let builtIn = registry([
    ExponentialDecay(), PiecewiseConstantDecay(), PolynomialDecay(), InverseTimeDecay(),
    CosineDecay(), CosineDecayRestarts(), LinearCosineDecay(), NoisyLinearCosineDecay(),
    TorchOneCycle(),
    TorchStepDecay(), TorchMultiStepDecay(), TorchConstantFactor(), TorchLinearFactor(),
    TorchExponentialDecay(), TorchPolynomialDecay(), TorchCosineAnnealing(), TorchCosineRestarts(),
    TorchCyclic(),
  ])

  private static func registry(
    _ schedules: [any LearningRateSchedule]
  ) -> Registry<any LearningRateSchedule> {
    schedules.reduce(Registry("learning-rate schedule")) { registry, schedule in
      registry.adding(type(of: schedule).className, schedule)
    }
  }
}

extension Registry where Entry == any LearningRateSchedule {
  /// The schedule of a class name with the keys of its `get_config`.
  ///
  /// - Returns: the schedule, and the keys that it does not know.
  /// - Throws: `UnknownNameError` with the names that exist, `HyperparameterError` for settings of no
  ///   use.
  public func schedule(
    _ className: String, configuration: [String: ConfigurationValue]
  ) throws -> (schedule: any LearningRateSchedule, unknownKeys: [String]) {
    var schedule = try resolve(className)
    var unknown = configuration.keys.sorted()
    if var configurable = schedule as? any LearningRateSchedule & Configurable {
      unknown = configurable.configure(configuration)
      schedule = configurable
    }
    try schedule.check()
    return (schedule, unknown)
  }
}
