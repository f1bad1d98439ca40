import Foundation
public import StrataCore
public import StrataSemantics

/// Stops the training when a monitored number no longer improves.
///
/// An epoch improves if its value, worsened by `minDelta`, is strictly better than the best so
/// far; a NaN never is. What `patience` counts, what a `baseline` means and when the best weights
/// are put back is up to the release: see `EarlyStopping+History.swift`.
public final class EarlyStopping: ConfigurableCallback, ResumableCallback {
  public static let name = "EarlyStopping"

  /// The key of the logs that is watched.
  public let monitor: String
  public let minDelta: Double
  /// How many epochs without improvement are borne.
  public let patience: Int
  public let mode: MonitorMode
  /// A value to be reached within the patience; nil: none.
  public let baseline: Double?
  public let restoreBestWeights: Bool
  /// The first epoch that is looked at.
  public let startFromEpoch: Int
  public let verbose: Bool

  /// Epochs without improvement.
  public private(set) var wait = 0
  /// The best value so far; nil before the first epoch.
  public private(set) var best: Double?
  public private(set) var bestEpoch = 0
  /// The epoch that ended the training, or 0.
  public private(set) var stoppedEpoch = 0

  private var rules = Rules(under: .strata)
  private var watched: Monitor
  private var bestWeights: WeightSnapshot?
  private var isRestored = false

  public init(
    monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0,
    mode: MonitorMode = .auto, baseline: Double? = nil, restoreBestWeights: Bool = false,
    startFromEpoch: Int = 0, verbose: Bool = false
  ) {
    self.monitor = monitor
    self.minDelta = minDelta
    self.patience = patience
    self.mode = mode
    self.baseline = baseline
    self.restoreBestWeights = restoreBestWeights
    self.startFromEpoch = startFromEpoch
    self.verbose = verbose
    watched = Monitor(Self.name, monitor, mode)
  }

  public func resolve(under semantics: Semantics) { rules = Rules(under: semantics) }

  public func trainBegin(_ training: any TrainingControl) {
    defer { isRestored = false }
    guard !isRestored else { return }
    stoppedEpoch = 0
    bestWeights = nil
    bestEpoch = 0
    guard rules.resetsOnTrainBegin else { return }
    wait = 0
    if rules.resetsBest { best = nil }
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    let direction = try watched.findDirection(rules.direction, training)
    guard let current = watched.value(in: logs, training), epoch >= startFromEpoch else { return }
    let best = self.best ?? initialBest(direction)
    self.best = best
    let improves = isImprovement(current, over: best, direction)
    if restoreBestWeights, improves || (rules.keepsFirstWeights && bestWeights == nil) {
      bestWeights = try training.snapshotWeights()
      bestEpoch = epoch
    }
    if improves {
      self.best = current
      bestEpoch = epoch
    }
    let restarts = improves && (beatsBaseline(current, direction))
    if rules.patience.counts(epoch, improves: improves, restarts: restarts, &wait, patience) {
      try stop(epoch, training)
    }
  }

  public func trainEnd(_ training: any TrainingControl) throws {
    if stoppedEpoch > 0, verbose, !rules.reportsAtOnce {
      training.report(rules.message.text(stoppedEpoch, "early stopping"))
    }
    if rules.restoring == .atTrainEnd { try putBestWeightsBack(training) }
  }

  private func stop(_ epoch: Int, _ training: any TrainingControl) throws {
    stoppedEpoch = epoch
    training.stop()
    if verbose, rules.reportsAtOnce {
      training.report(rules.message.text(epoch, "early stopping"))
    }
    if rules.restoring == .whenStopping { try putBestWeightsBack(training) }
  }

  private func putBestWeightsBack(_ training: any TrainingControl) throws {
    guard restoreBestWeights, let bestWeights else { return }
    if verbose { training.report(rules.restoringMessage(bestEpoch)) }
    try training.restoreWeights(bestWeights)
  }

  private func initialBest(_ direction: Direction) -> Double {
    rules.baseline == .startsBest ? baseline ?? direction.worst : direction.worst
  }

  private func beatsBaseline(_ value: Double, _ direction: Direction) -> Bool {
    guard rules.baseline == .comparedApart, let baseline else { return true }
    return isImprovement(value, over: baseline, direction)
  }

  private func isImprovement(_ value: Double, over best: Double, _ direction: Direction) -> Bool {
    direction.isImprovement(
      value, over: best, margin: rules.baseline == .comparedApart ? abs(minDelta) : minDelta,
      singlePrecision: rules.direction.comparesInSinglePrecision)
  }
}

// MARK: Configuration and state

extension EarlyStopping {
  public var configuration: CallbackConfiguration {
    CallbackConfiguration(
      Self.name,
      [
        "monitor": .text(monitor), "min_delta": .number(minDelta), "patience": .integer(patience),
        "mode": .text(mode.rawValue), "baseline": .optional(baseline),
        "restore_best_weights": .bool(restoreBestWeights),
        "start_from_epoch": .integer(startFromEpoch), "verbose": .bool(verbose),
      ])
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    self.init(
      monitor: try settings.text("monitor") ?? "val_loss",
      minDelta: try settings.double("min_delta") ?? 0,
      patience: try settings.int("patience") ?? 0, mode: try settings.mode("mode") ?? .auto,
      baseline: try settings.double("baseline"),
      restoreBestWeights: try settings.bool("restore_best_weights") ?? false,
      startFromEpoch: try settings.int("start_from_epoch") ?? 0,
      verbose: try settings.bool("verbose") ?? false)
    try settings.finish()
  }

  public var state: [String: SettingValue] {
    var state: [String: SettingValue] = [
      "wait": .integer(wait), "best": .optional(best), "best_epoch": .integer(bestEpoch),
      "stopped_epoch": .integer(stoppedEpoch),
    ]
    state["best_weights"] = bestWeights.map { .list($0.values.map { .text($0.base64) }) }
    return state
  }

  public func restore(_ state: [String: SettingValue]) throws {
    var reader = SettingReader(Self.name, state)
    wait = try reader.required("wait", reader.int("wait"))
    best = try reader.double("best")
    bestEpoch = try reader.int("best_epoch") ?? 0
    stoppedEpoch = try reader.int("stopped_epoch") ?? 0
    bestWeights = try reader.list("best_weights", of: "base64 texts") {
      $0.text.flatMap([Float].init(base64:))
    }.map(WeightSnapshot.init)
    try reader.finish()
    isRestored = true
  }
}

extension [Float] {
  /// The little-endian bytes as text.
  var base64: String {
    var data = Data(capacity: count * 4)
    for value in self {
      Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data.base64EncodedString()
  }

  init?(base64: String) {
    guard let data = Data(base64Encoded: base64), data.count % 4 == 0 else { return nil }
    self = stride(from: 0, to: data.count, by: 4).map { offset in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) })
    }
  }
}
