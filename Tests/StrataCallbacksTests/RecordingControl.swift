import StrataCallbacks
import StrataCore
import StrataSemantics

/// A training that only remembers what was asked of it.
///
/// Its one weight is the number of the epoch.
final class RecordingControl: TrainingControl {
  var progress: TrainingProgress
  var learningRate: Float = 0.1
  var weights = WeightSnapshot([[0]])
  private(set) var written: [String] = []
  private(set) var reports: [String] = []

  init(_ progress: TrainingProgress = TrainingProgress(epochs: 10, metrics: ["loss", "val_loss"])) {
    self.progress = progress
  }

  func stop() { progress.isStopping = true }
  func write(to path: String, _ content: CheckpointContent) {
    written.append("\(content.rawValue) \(path)")
  }
  func snapshotWeights() -> WeightSnapshot { weights }
  func restoreWeights(_ snapshot: WeightSnapshot) { weights = snapshot }
  func report(_ message: String) { reports.append(message) }
}

extension Logs {
  init(_ pairs: KeyValuePairs<String, Double>) {
    self.init()
    for (key, value) in pairs { self[key] = value }
  }
}

extension RecordingControl {
  /// Feeds `values` of one key until the training stops; gives the number of epochs.
  @discardableResult
  func run(
    _ callback: any Callback, _ key: String, _ values: [Double],
    under semantics: Semantics = .strata, from start: Int = 0
  ) throws -> Int {
    try callback.resolve(under: semantics)
    progress.isStopping = false
    try callback.trainBegin(self)
    var count = 0
    for (index, value) in values.enumerated() where !progress.isStopping {
      weights = WeightSnapshot([[Float(start + index + 1)]])
      try callback.epochBegin(start + index, self)
      var logs = Logs([key: value])
      try callback.epochEnd(start + index, &logs, self)
      count += 1
    }
    try callback.trainEnd(self)
    return count
  }

  /// The same with values of `val_loss`.
  @discardableResult
  func run(
    _ callback: any Callback, _ values: [Double], under semantics: Semantics = .strata,
    from start: Int = 0
  ) throws -> Int {
    try run(callback, "val_loss", values, under: semantics, from: start)
  }
}
