public import StrataCore
public import StrataSemantics

/// Sets the learning rate at the start of every epoch by a function of the epoch, from 0.
///
///     LearningRateScheduler { epoch in 0.1 / Double(1 + epoch) }
///     LearningRateScheduler { epoch, rate in epoch < 10 ? rate : rate * 0.9 }
///
/// From 2.2.3 on the rate is added to the logs.
public final class LearningRateScheduler: Callback {
  private enum Schedule {
    case ofEpoch((Int) throws -> Double)
    case ofEpochAndRate((Int, Double) throws -> Double)
  }

  public let verbose: Bool
  private let schedule: Schedule
  private var rules = Rules(under: .strata)

  public init(verbose: Bool = false, _ schedule: @escaping (Int) throws -> Double) {
    self.verbose = verbose
    self.schedule = .ofEpoch(schedule)
  }

  /// A schedule that also sees the rate in force; releases before 2.1.4 have none such.
  public init(verbose: Bool = false, _ schedule: @escaping (Int, Double) throws -> Double) {
    self.verbose = verbose
    self.schedule = .ofEpochAndRate(schedule)
  }

  /// - Throws: `HyperparameterError` if the schedule asks for the rate and the release gives none.
  public func resolve(under semantics: Semantics) throws {
    rules = Rules(under: semantics)
    if case .ofEpochAndRate = schedule, !rules.passesRate {
      throw HyperparameterError(
        owner: "LearningRateScheduler", setting: "schedule",
        expected: "a function of the epoch alone (the rate is passed from 2.1.4 on)",
        found: "a function of the epoch and the rate under \(semantics)")
    }
  }

  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) throws {
    let rate =
      switch schedule {
      case .ofEpoch(let schedule): try schedule(epoch)
      case .ofEpochAndRate(let schedule): try schedule(epoch, Double(training.learningRate))
      }
    training.learningRate = Float(rate)
    if verbose {
      let what = "LearningRateScheduler setting learning rate to \(PythonNumber.shortest(rate))."
      training.report(rules.message.text(epoch, what))
    }
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    if let key = rules.rateKey { logs[key] = Double(training.learningRate) }
  }
}

// MARK: What the releases did

extension LearningRateScheduler {
  package static let passesRateHistory = History<Bool>(
    "learningRateScheduler.passesRate", .callback, .trajectory, initially: false
  ).since(
    "2.1.4", true, "lrscheduler-receives-current-lr", "a schedule may ask for the rate in force")

  package static let logsRateHistory = History<Bool>(
    "learningRateScheduler.logsRate", .callback, .reporting, initially: false
  ).since("2.2.3", true, "lrscheduler-logs-lr", "the rate is added to the logs of the epoch")

  package static let histories: [any AnyHistory] = [passesRateHistory, logsRateHistory]

  struct Rules {
    var passesRate: Bool
    /// Under which key the rate is logged; nil: it is not.
    var rateKey: String?
    var message: EpochMessage

    init(under semantics: Semantics) {
      passesRate = LearningRateScheduler.passesRateHistory.value(under: semantics)
      rateKey =
        LearningRateScheduler.logsRateHistory.value(under: semantics)
        ? ReduceLROnPlateau.rateKeyHistory.value(under: semantics) : nil
      message = EpochMessage(under: semantics)
    }
  }
}
