import Foundation
import StrataCallbacks
import StrataCore
import StrataReplay
import StrataSemantics
import Testing

/// Recorded decisions of Keras 0.3.3 to 3.15.1; the folder's README says where they come from.
@Suite struct CallbackConformanceTests {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures").path

  @Test func everyRecordedDecisionIsOurs() {
    let results = CallbackConformance().run(folder: Self.fixtures)
    for result in results {
      if case .differs(let place) = result.verdict {
        Issue.record("\(result.release) \(result.name): \(place)")
      }
    }
    #expect(results.filter { $0.verdict == .agrees }.count == 295)
  }

  /// The runner sees what a release changed: decisions of 2.0.9 are not those of 2.0.8.
  @Test(arguments: [
    ("EarlyStopping", "keras-2.0.9", "2.0.9", "2.0.8"),
    ("ModelCheckpoint", "keras-2.0.9", "2.0.9", "2.0.8"),
    ("ReduceLROnPlateau", "keras-2.0.9", "2.0.9", "2.1.6"),
    ("ReduceLROnPlateau", "keras-3.15.1", "3.15.1", "2.15.0"),
    ("EarlyStopping", "tf.keras-2.15.0", "2.15.0", "2.3.1"),
    ("CSVLogger", "keras-2.3.1", "2.3.1", "2.2.4"),
    ("LearningRateScheduler", "keras-2.0.9", "2.0.9", "2.2.3"),
  ])
  func theDecisionsOfAnotherReleaseDiffer(
    _ name: String, _ folder: String, _ version: String, _ other: String
  ) throws {
    let source = "\(Self.fixtures)/callbacks/\(folder)/\(name).json"
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: source)), as: UTF8.self)
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("strata-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    let url = place.appendingPathComponent("\(name).json")
    let changed = text.replacingOccurrences(
      of: "\"version\":\"\(version)\"", with: "\"version\":\"\(other)\"")
    #expect(changed != text)
    try Data(changed.utf8).write(to: url)
    let differing = CallbackConformance().run(file: url.path).filter {
      if case .differs = $0.verdict { true } else { false }
    }
    #expect(!differing.isEmpty)
  }

  @Test func aFileThatIsNoTraceIsUnknown() {
    let results = CallbackConformance().run(file: "/nowhere.json")
    #expect(results.count == 1)
    guard case .unknown = results.first?.verdict else {
      Issue.record("expected an unknown verdict")
      return
    }
  }
}

/// The events of Keras 0.3.3 against a loop written out here.
@Suite struct EventTraceConformanceTests {
  static let trace =
    "\(CallbackConformanceTests.fixtures)/callbacks/keras-0.3.3/trace_acc_val.json"

  /// A training of two outputs, whose events come in the order of Keras.
  private static func fit(
    _ request: EventTraceConformance.Request, _ callback: any Callback, forgets: Bool
  ) throws -> TrainingHistory {
    let history = TrainingHistory()
    let list = try CallbackList(user: [callback], history: history, under: request.semantics)
    let control = NoTraining(TrainingProgress(epochs: request.epochs))
    try list.trainBegin(control)
    for epoch in 0..<request.epochs {
      try list.epochBegin(epoch, control)
      for (batch, start) in stride(from: 0, to: request.samples, by: request.batchSize).enumerated()
      {
        var logs = Logs()
        logs["batch"] = Double(batch)
        logs["size"] = Double(min(request.batchSize, request.samples - start))
        try list.batchBegin(batch, logs, control)
        logs["loss"] = 1
        if !forgets { logs["acc"] = 1 }
        try list.batchEnd(batch, logs, control)
      }
      var logs = Logs()
      for key in ["loss", "acc", "val_loss", "val_acc"] { logs[key] = 1 }
      try list.epochEnd(epoch, &logs, control)
    }
    try list.trainEnd(control)
    return history
  }

  @Test func aLoopWithTheEventsOfKerasAgrees() {
    let conformance = EventTraceConformance { try Self.fit($0, $1, forgets: false) }
    #expect(conformance.run(file: Self.trace).verdict == .agrees)
  }

  @Test func aMissingKeyIsFound() {
    let conformance = EventTraceConformance { try Self.fit($0, $1, forgets: true) }
    guard case .differs(let place) = conformance.run(file: Self.trace).verdict else {
      Issue.record("expected a difference")
      return
    }
    #expect(place.hasPrefix("event 3: "))
  }
}

private final class NoTraining: TrainingControl {
  var progress: TrainingProgress
  var learningRate: Float = 0.1
  init(_ progress: TrainingProgress) { self.progress = progress }
  func stop() {}
  func write(to path: String, _ content: CheckpointContent) {}
  func snapshotWeights() -> WeightSnapshot { WeightSnapshot([]) }
  func restoreWeights(_ snapshot: WeightSnapshot) {}
  func report(_ message: String) {}
}
