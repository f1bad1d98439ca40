public import StrataCore
public import StrataSemantics

/// Writes the model after an epoch: always, or only when a monitored number is the best so far.
///
/// Paths may hold fields, `weights.{epoch:02d}-{val_loss:.3f}.h5`. With `period` k, every k-th
/// epoch is looked at; with `saveBestOnly` those in between are never compared. The file format is
/// the business of the training's writer; it replaces a file only when the new one is complete.
public final class ModelCheckpoint: ConfigurableCallback, ResumableCallback {
  public static let name = "ModelCheckpoint"

  public let path: PathPattern
  public let monitor: String
  public let saveBestOnly: Bool
  /// nil: the release's own, which is weights alone before 1.0.7 and the whole model after.
  public let saveWeightsOnly: Bool?
  public let mode: MonitorMode
  /// The number of epochs from one look to the next.
  public let period: Int
  /// After how many batches the model is written, whatever the epoch; nil: after epochs.
  public let batches: Int?
  /// A value that must be beaten to be saved; nil: none.
  public let initialValueThreshold: Double?
  public let verbose: Bool

  /// The best value so far; nil before the first comparison.
  public private(set) var best: Double?
  private var epochsSinceLook = 0
  private var batchesSinceLook = 0
  private var epoch = 0
  private var rules = Rules(under: .strata)
  private var watched: Monitor

  /// - Throws: `HyperparameterError` for a path or a period that cannot be used.
  public init(
    _ path: String, monitor: String = "val_loss", saveBestOnly: Bool = false,
    saveWeightsOnly: Bool? = nil, mode: MonitorMode = .auto, period: Int = 1, batches: Int? = nil,
    initialValueThreshold: Double? = nil, verbose: Bool = false
  ) throws(HyperparameterError) {
    guard period >= 1 else {
      throw HyperparameterError(
        owner: Self.name, setting: "period", expected: "at least 1", found: "\(period)")
    }
    guard batches.map({ $0 >= 1 }) ?? true else {
      throw HyperparameterError(
        owner: Self.name, setting: "save_freq", expected: "\"epoch\" or at least 1",
        found: "\(batches ?? 0)")
    }
    self.batches = batches
    self.path = try PathPattern(path)
    self.monitor = monitor
    self.saveBestOnly = saveBestOnly
    self.saveWeightsOnly = saveWeightsOnly
    self.mode = mode
    self.period = period
    self.initialValueThreshold = initialValueThreshold
    self.verbose = verbose
    best = initialValueThreshold
    watched = Monitor(Self.name, monitor, mode)
  }

  public func resolve(under semantics: Semantics) { rules = Rules(under: semantics) }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    epochsSinceLook += 1
    guard batches == nil, epochsSinceLook >= period else { return }
    epochsSinceLook = 0
    try look(epoch, logs, training)
  }

  public var observesBatches: Bool { batches != nil }

  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) { self.epoch = epoch }

  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    guard let batches else { return }
    batchesSinceLook += 1
    guard batchesSinceLook >= batches else { return }
    batchesSinceLook = 0
    try look(epoch, batch: batch + rules.message.base, logs, training)
  }

  private func look(
    _ epoch: Int, batch: Int? = nil, _ logs: Logs, _ training: any TrainingControl
  ) throws {
    let path = try self.path.path(epoch: epoch + rules.message.base, batch: batch, logs)
    guard try saveBestOnly ? improves(epoch, logs, path, training) : true else { return }
    if verbose, !saveBestOnly {
      training.report(rules.message.text(epoch, "saving model to \(path)"))
    }
    let onlyWeights = saveWeightsOnly ?? (rules.content == .weights)
    try training.write(to: path, onlyWeights ? .weights : .model)
  }

  private func improves(
    _ epoch: Int, _ logs: Logs, _ path: String, _ training: any TrainingControl
  ) throws -> Bool {
    let direction = try watched.findDirection(rules.direction, training)
    guard let current = watched.value(in: logs, training) else { return false }
    let best = best ?? direction.worst
    let improves = direction.isImprovement(
      current, over: best, margin: 0,
      singlePrecision: rules.direction.comparesInSinglePrecision)
    if verbose {
      let outcome =
        improves
        ? "improved from \(PythonNumber.fixed(best, 5)) to \(PythonNumber.fixed(current, 5)), "
          + "saving model to \(path)"
        : "did not improve" + (rules.namesBest ? " from \(PythonNumber.fixed(best, 5))" : "")
      training.report(rules.message.text(epoch, "\(monitor) \(outcome)"))
    }
    self.best = improves ? current : best
    return improves
  }
}

// MARK: What the releases did

extension ModelCheckpoint {
  package static let directionHistory = History<AutoDirection>(
    "modelCheckpoint.direction", .callback, .file, initially: .down
  ).since(
    "0.3.0", .containsAcc, "checkpoint-monitor-mode", "mode auto maximises names that contain acc"
  ).since(
    "1.2.1", .containsAccOrStartsWithFmeasure, "monitor-auto-fmeasure",
    "mode auto also maximises names that start with fmeasure"
  ).since(
    "3.11.0", .compiledMetric, "monitor-callback-shared-rule",
    "the direction is that of the model's metric; unknown metrics are an error")

  package static let contentHistory = History<CheckpointContent>(
    "modelCheckpoint.content", .callback, .file, initially: .weights
  ).since(
    "1.0.7", .model, "checkpoint-saves-whole-model",
    "saves the whole model unless weights alone are asked for")

  public static let spans = [
    SettingSpan("mode", since: "0.3.0", neutral: "auto"),
    SettingSpan("save_weights_only", since: "1.0.7", neutral: false),
    SettingSpan("period", since: "1.2.0", until: "3.0.0", neutral: 1),
    SettingSpan("initial_value_threshold", since: "2.8.0", neutral: .null),
    SettingSpan("save_freq", since: "2.4.0", neutral: "epoch"),
  ]

  package static let histories: [any AnyHistory] = [directionHistory, contentHistory]

  struct Rules {
    var direction: AutoDirection
    var content: CheckpointContent
    var message: EpochMessage
    /// Whether a message of no improvement tells the best value.
    var namesBest: Bool

    init(under semantics: Semantics) {
      direction = ModelCheckpoint.directionHistory.value(under: semantics)
      content = ModelCheckpoint.contentHistory.value(under: semantics)
      message = EpochMessage(under: semantics)
      namesBest = semantics.position(for: "modelCheckpoint.message") >= "2.2.0"
    }
  }
}

// MARK: Configuration and state

extension ModelCheckpoint {
  public var configuration: CallbackConfiguration {
    CallbackConfiguration(
      Self.name,
      [
        "filepath": .text(path.text), "monitor": .text(monitor),
        "save_best_only": .bool(saveBestOnly),
        "save_weights_only": saveWeightsOnly.map(SettingValue.bool) ?? .null,
        "mode": .text(mode.rawValue), "period": .integer(period),
        "save_freq": batches.map(SettingValue.integer) ?? "epoch",
        "initial_value_threshold": .optional(initialValueThreshold), "verbose": .bool(verbose),
      ])
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    try self.init(
      settings.required("filepath", settings.text("filepath")),
      monitor: settings.text("monitor") ?? "val_loss",
      saveBestOnly: settings.bool("save_best_only") ?? false,
      saveWeightsOnly: settings.bool("save_weights_only"), mode: settings.mode("mode") ?? .auto,
      period: settings.int("period") ?? 1, batches: settings.frequency("save_freq"),
      initialValueThreshold: settings.double("initial_value_threshold"),
      verbose: settings.bool("verbose") ?? false)
    try settings.finish()
  }

  public var state: [String: SettingValue] {
    ["best": .optional(best), "epochs_since_look": .integer(epochsSinceLook)]
  }

  public func restore(_ state: [String: SettingValue]) throws {
    var reader = SettingReader(Self.name, state)
    epochsSinceLook = try reader.required("epochs_since_look", reader.int("epochs_since_look"))
    best = try reader.double("best")
    try reader.finish()
  }
}
