public import StrataCore
public import StrataSemantics

/// Lowers the learning rate when a monitored number no longer improves:
/// `rate ← max(rate · factor, minimumRate)`.
///
/// After a reduction `cooldown` epochs pass before epochs are counted again. The rate of the epoch,
/// before a reduction, is added to the logs.
public final class ReduceLROnPlateau: ConfigurableCallback, ResumableCallback {
  public static let name = "ReduceLROnPlateau"

  public let monitor: String
  public let factor: Double
  /// How many epochs without improvement are borne.
  public let patience: Int
  public let mode: MonitorMode
  /// What an improvement must exceed; `epsilon` before 2.1.6.
  public let minDelta: Double
  public let cooldown: Int
  public let minimumRate: Double
  public let verbose: Bool

  public private(set) var wait = 0
  public private(set) var cooldownCounter = 0
  /// The best value so far; nil before the first epoch.
  public private(set) var best: Double?
  private var rules = Rules(under: .strata)
  private var watched: Monitor
  private var isRestored = false

  /// - Throws: `HyperparameterError` if `factor` is not below 1.
  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10,
    mode: MonitorMode = .auto, minDelta: Double = 1e-4, cooldown: Int = 0,
    minimumRate: Double = 0, verbose: Bool = false
  ) throws(HyperparameterError) {
    guard factor < 1 else {
      throw HyperparameterError(
        owner: Self.name, setting: "factor", expected: "below 1",
        found: PythonNumber.shortest(factor))
    }
    self.monitor = monitor
    self.factor = factor
    self.patience = patience
    self.mode = mode
    self.minDelta = minDelta
    self.cooldown = cooldown
    self.minimumRate = minimumRate
    self.verbose = verbose
    watched = Monitor(Self.name, monitor, mode)
  }

  public func resolve(under semantics: Semantics) { rules = Rules(under: semantics) }

  public func trainBegin(_ training: any TrainingControl) {
    defer { isRestored = false }
    guard !isRestored else { return }
    wait = 0
    cooldownCounter = 0
    best = nil
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    let direction = try watched.findDirection(rules.direction, training)
    logs[rules.rateKey] = Double(training.learningRate)
    guard let current = watched.value(in: logs, training) else { return }
    if cooldownCounter > 0 {
      cooldownCounter -= 1
      wait = 0
    }
    let best = best ?? direction.worst
    if isImprovement(current, over: best, direction) {
      self.best = current
      wait = 0
      return
    }
    self.best = best
    guard cooldownCounter == 0 else { return }
    if rules.patience == .countThenTest { wait += 1 }
    if wait >= patience { reduce(epoch, training) }
    if rules.patience == .testThenCount { wait += 1 }
  }

  private func isImprovement(_ value: Double, over best: Double, _ direction: Direction) -> Bool {
    if rules.direction.comparesInSinglePrecision {
      return direction.isImprovement(value, over: best, margin: minDelta, singlePrecision: true)
    }
    return direction.isBetter(value, than: direction == .down ? best - minDelta : best + minDelta)
  }

  private func reduce(_ epoch: Int, _ training: any TrainingControl) {
    let rate = Double(training.learningRate)
    guard rate > rules.floor.limit(minimumRate) else { return }
    let reduced = max(rate * factor, minimumRate)
    training.learningRate = Float(reduced)
    if verbose {
      let what = rules.message.width > 1 ? "reducing" : "ReduceLROnPlateau reducing"
      let rate = PythonNumber.shortest(reduced)
      training.report(rules.message.text(epoch, "\(what) learning rate to \(rate)."))
    }
    cooldownCounter = cooldown
    wait = 0
  }
}

// MARK: What the releases did

extension ReduceLROnPlateau {
  /// How epochs without improvement are counted against the patience.
  package enum PatienceRule: Sendable, Hashable { case testThenCount, countThenTest }

  /// What the rate must exceed to be reduced.
  package enum FloorRule: Sendable, Hashable {
    /// The minimum with a margin of one in ten thousand.
    case margin
    case exact
    /// The minimum rounded to single precision, as the rate is.
    case singlePrecision

    func limit(_ minimum: Double) -> Double {
      switch self {
      case .margin: minimum + minimum * 1e-4
      case .exact: minimum
      case .singlePrecision: Double(Float(minimum))
      }
    }
  }

  package static let directionHistory = History<AutoDirection>(
    "reduceLROnPlateau.direction", .callback, .trajectory, initially: .containsAcc
  ).since(
    "3.11.0", .compiledMetric, "monitor-callback-shared-rule",
    "the direction is that of the model's metric; unknown metrics are an error")

  package static let patienceHistory = History<PatienceRule>(
    "reduceLROnPlateau.patience", .callback, .trajectory, initially: .testThenCount
  ).since(
    "2.1.6", .countThenTest, "reducelronplateau-min-delta-and-patience",
    "reduces after patience epochs without improvement, not patience + 1")

  package static let floorHistory = History<FloorRule>(
    "reduceLROnPlateau.floor", .callback, .trajectory, initially: .margin
  ).since(
    "2.1.3", .exact, "reducelronplateau-min-lr-comparison", "acts while the rate exceeds min_lr"
  ).since(
    "2.4.0", .singlePrecision, "reducelr-min-lr-float32",
    "min_lr is compared in single precision: no repeated reductions at the floor")

  package static let rateKeyHistory = History<String>(
    "callbacks.rateKey", .callback, .reporting, initially: "lr"
  ).since(
    "3.0.0", "learning_rate", "log-key-lr-to-learning-rate", "the rate is logged as learning_rate")

  public static let spans = [
    SettingSpan("min_delta", since: "2.1.6", neutral: 1e-4, formerly: "epsilon")
  ]

  package static let histories: [any AnyHistory] = [
    directionHistory, patienceHistory, floorHistory, rateKeyHistory,
  ]

  struct Rules {
    var direction: AutoDirection
    var patience: PatienceRule
    var floor: FloorRule
    var rateKey: String
    var message: EpochMessage

    init(under semantics: Semantics) {
      direction = ReduceLROnPlateau.directionHistory.value(under: semantics)
      patience = ReduceLROnPlateau.patienceHistory.value(under: semantics)
      floor = ReduceLROnPlateau.floorHistory.value(under: semantics)
      rateKey = ReduceLROnPlateau.rateKeyHistory.value(under: semantics)
      message = EpochMessage(under: semantics)
    }
  }
}

// MARK: Configuration and state

extension ReduceLROnPlateau {
  public var configuration: CallbackConfiguration {
    CallbackConfiguration(
      Self.name,
      [
        "monitor": .text(monitor), "factor": .number(factor), "patience": .integer(patience),
        "mode": .text(mode.rawValue), "min_delta": .number(minDelta),
        "cooldown": .integer(cooldown), "min_lr": .number(minimumRate), "verbose": .bool(verbose),
      ])
  }

  /// The callback of a configuration, which may say `epsilon` for `min_delta`.
  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    let epsilon = try settings.double("epsilon")
    try self.init(
      monitor: settings.text("monitor") ?? "val_loss", factor: settings.double("factor") ?? 0.1,
      patience: settings.int("patience") ?? 10, mode: settings.mode("mode") ?? .auto,
      minDelta: settings.double("min_delta") ?? epsilon ?? 1e-4,
      cooldown: settings.int("cooldown") ?? 0, minimumRate: settings.double("min_lr") ?? 0,
      verbose: settings.bool("verbose") ?? false)
    try settings.finish()
  }

  public var state: [String: SettingValue] {
    [
      "wait": .integer(wait), "cooldown_counter": .integer(cooldownCounter),
      "best": .optional(best),
    ]
  }

  public func restore(_ state: [String: SettingValue]) throws {
    var reader = SettingReader(Self.name, state)
    wait = try reader.required("wait", reader.int("wait"))
    cooldownCounter = try reader.required("cooldown_counter", reader.int("cooldown_counter"))
    best = try reader.double("best")
    try reader.finish()
    isRestored = true
  }
}
