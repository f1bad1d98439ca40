public import StrataCore

/// Sets the learning rate at the start of every epoch by steps.
///
///     Step(steps: [20], rates: [1e-4, 1e-6])      // epochs 0…19: 1e-4, from epoch 20 on: 1e-6
///
/// The rate of an epoch is the one whose index is the number of steps at or before it. When a
/// training is resumed at epoch n and counts from 0 again, `epochOffset` is n.
public final class Step: ConfigurableCallback {
  public static let name = "Step"

  /// The epochs at which the next rate begins, ascending.
  public let steps: [Int]
  /// One rate more than there are steps.
  public let rates: [Double]
  /// What is added to the number of the epoch before it is looked up.
  public let epochOffset: Int

  /// - Throws: `HyperparameterError` if the steps do not ascend or the counts do not fit.
  public init(
    steps: [Int], rates: [Double], epochOffset: Int = 0
  ) throws(HyperparameterError) {
    guard rates.count == steps.count + 1 else {
      throw HyperparameterError(
        owner: Self.name, setting: "rates", expected: "one more than the \(steps.count) steps",
        found: "\(rates.count) rates")
    }
    guard zip(steps, steps.dropFirst()).allSatisfy(<) else {
      throw HyperparameterError(
        owner: Self.name, setting: "steps", expected: "ascending", found: "\(steps)")
    }
    self.steps = steps
    self.rates = rates
    self.epochOffset = epochOffset
  }

  /// The rate of an epoch, without the offset.
  public func rate(at epoch: Int) -> Double { rates[steps.count { $0 <= epoch }] }

  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) {
    training.learningRate = Float(rate(at: epoch + epochOffset))
  }
}

// MARK: Configuration

extension Step {
  public var configuration: CallbackConfiguration {
    let schedule: [String: SettingValue] = [
      "steps": .list(steps.map(SettingValue.integer)),
      "rates": .list(rates.map(SettingValue.number)),
    ]
    let offset: [String: SettingValue] =
      epochOffset == 0 ? [:] : ["epoch_offset": .integer(epochOffset)]
    return CallbackConfiguration(Self.name, schedule.merging(offset) { $1 })
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    try self.init(configuration: configuration, epochOffset: nil)
  }

  /// The schedule of a configuration, continued in a training that counts from 0 again.
  ///
  /// - Parameters:
  ///   - configuration: the steps and rates.
  ///   - epochOffset: the epoch at which the training is resumed; nil: the configuration's own.
  /// - Throws: `HyperparameterError` for a setting that is unknown, missing or of no use.
  public convenience init(configuration: CallbackConfiguration, epochOffset: Int?) throws {
    var settings = try SettingReader(Self.name, configuration)
    let steps = try settings.list("steps", of: "whole numbers", \.int)
    let rates = try settings.list("rates", of: "numbers", \.double)
    let offset = try settings.int("epoch_offset")
    try settings.finish()
    try self.init(
      steps: settings.required("steps", steps), rates: settings.required("rates", rates),
      epochOffset: epochOffset ?? offset ?? 0)
  }
}
