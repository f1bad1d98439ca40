import StrataCore

/// A training without a model: one weight, which is the number of the epoch, and a memory.
final class FakeTraining: TrainingControl {
  var progress: TrainingProgress
  var learningRate: Float
  var weights = WeightSnapshot([[0]])
  private(set) var written: [String] = []

  init(metrics: [String] = ["loss", "val_loss"], learningRate: Float = 0.1) {
    progress = TrainingProgress(epochs: 100, hasValidation: true, metrics: metrics)
    self.learningRate = learningRate
  }

  func stop() { progress.isStopping = true }
  func write(to path: String, _ content: CheckpointContent) {
    written.append("\(content.rawValue) \(path)")
  }
  func snapshotWeights() -> WeightSnapshot { weights }
  func restoreWeights(_ snapshot: WeightSnapshot) { weights = snapshot }
  func report(_ message: String) {}

  /// The number of the epoch whose weights are in place.
  var weight: Double { Double(weights.values[0][0]) }

  /// The files written since the last call.
  func takeWritten() -> [String] {
    defer { written = [] }
    return written
  }
}
