import Foundation
import StrataCallbacks
import StrataCore
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// How a training ends before its time, and what is left of it.
@Suite struct StoppingTests {
  /// Notes all events, and does something after a batch.
  private final class Watch: Callback {
    var events: [String] = []
    var afterBatch: (Int, any TrainingControl) throws -> Void = { _, _ in }
    var observesBatches: Bool { true }
    func epochBegin(_ epoch: Int, _ training: any TrainingControl) {
      events.append("epoch \(epoch)")
    }
    func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
      events.append("batch \(batch)")
      try afterBatch(batch, training)
    }
    func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
      events.append("end \(epoch) \(logs["val_loss"] == nil ? "" : "val")")
    }
    func trainEnd(_ training: any TrainingControl) { events.append("done") }
  }

  /// In a process of its own: the signal would reach the trainings of other tests too.
  @Test func anInterruptFinishesTheBatchAndEndsInOrder() async {
    await #expect(processExitsWith: .success) {
      let watch = Watch()
      watch.afterBatch = { batch, _ in
        guard batch == 1 else { return }
        // The threads of tests may have the signal blocked; this one takes it before it goes on.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(SIGINT)
      }
      let options = Small.options(epochs: 5, batchSize: 2) {
        $0.stopsOnInterrupt = true
        $0.validationData = Small.data(2)
      }
      let history = try Small.model().fit(Small.data(8), options, callbacks: [watch])
      #expect(watch.events == ["epoch 0", "batch 0", "batch 1", "end 0 ", "done"])
      #expect(history.epochs == [0])
      #expect(history["loss"].count == 1)
    }
  }

  @Test func aCancelledTaskEndsLikeAnInterrupt() async throws {
    let events = try await Task {
      let watch = Watch()
      watch.afterBatch = { batch, _ in if batch == 1 { withUnsafeCurrentTask { $0?.cancel() } } }
      let options = Small.options(epochs: 5, batchSize: 2)
      try Small.model().fit(Small.data(8), options, callbacks: [watch])
      return watch.events
    }.value
    #expect(events == ["epoch 0", "batch 0", "batch 1", "end 0 ", "done"])
  }

  /// Until 2.0.4 a stop within an epoch let it end; then it ended at once, without validation; with
  /// tf.keras it is validated again.
  @Test(arguments: [
    ("1.2.0", ["epoch 0", "batch 0", "batch 1", "batch 2", "end 0 val", "done"]),
    ("2.0.9", ["epoch 0", "batch 0", "end 0 ", "done"]),
    ("3.15.1", ["epoch 0", "batch 0", "end 0 val", "done"]),
  ])
  func aStopWithinAnEpoch(release: String, events: [String]) throws {
    let watch = Watch()
    watch.afterBatch = { _, training in training.stop() }
    let options = Small.options(epochs: 5) { $0.validationData = Small.data(2) }
    let version = try #require(Version(parsing: release))
    try Small.model(.keras(version)).fit(Small.data(12), options, callbacks: [watch])
    #expect(watch.events == events)
  }

  @Test func onlyTerminateOnNaNStopsAtANaN() throws {
    var x = try Small.data(12).inputs[0].floats()
    x[0] = .nan
    let data = Dataset(Tensor(x, shape: [12, 2]), Small.data(12).targets[0])
    func epochs(_ callbacks: [any Callback]) throws -> Int {
      let options = Small.options(epochs: 3) {
        $0.report = { _ in }
        $0.shuffle = .none
      }
      return try Small.model(.strata).fit(data, options, callbacks: callbacks).epochs.count
    }
    #expect(try epochs([]) == 3)
    #expect(try epochs([TerminateOnNaN()]) == 1)
  }

  private struct Failure: Error {}

  @Test func afterAnErrorTheModelCanBeTrainedOn() throws {
    let watch = Watch()
    watch.afterBatch = { batch, _ in if batch == 1 { throw Failure() } }
    let model = try Small.model()
    #expect(throws: Failure.self) {
      try model.fit(Small.data(12), Small.options(epochs: 5), callbacks: [watch])
    }
    #expect(try model.fit(Small.data(12), Small.options(epochs: 2))["loss"].count == 2)
  }
}

/// Checkpoints that cannot be written.
@Suite struct CheckpointErrorTests {
  /// Writes the number of weights, in place of a file module, through a file beside the old one.
  private struct TestWriter: ModelFileWriter {
    var failsAfter = Int.max
    func write(_ model: Model, to path: String, _ content: CheckpointContent) throws {
      let url = URL(filePath: path)
      let part = url.appendingPathExtension("part")
      let text = try model.weights.map { try $0.value.floats() }.description
      try Data(text.utf8.prefix(failsAfter)).write(to: part)
      guard text.utf8.count <= failsAfter else { throw CocoaError(.fileWriteOutOfSpace) }
      guard rename(part.path, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
  }

  @Test func theCheckpointBeforeStaysWhole() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "model.h5").path
    let model = try Small.model()
    model.writer = TestWriter()
    try model.fit(Small.data(8), Small.options(), callbacks: [try ModelCheckpoint(path)])
    let before = try Data(contentsOf: URL(filePath: path))
    model.writer = TestWriter(failsAfter: 10)
    let error = #expect(throws: CocoaError.self) {
      try model.fit(Small.data(8), Small.options(), callbacks: [try ModelCheckpoint(path)])
    }
    #expect(error?.code == .fileWriteOutOfSpace)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test func aPathThatCannotBeWritten() throws {
    let model = try Small.model()
    model.writer = TestWriter()
    let callback = try ModelCheckpoint("/nowhere/at/all/model.h5")
    #expect(throws: CocoaError.self) {
      try model.fit(Small.data(8), Small.options(), callbacks: [callback])
    }
  }

  @Test func noWriterAtAll() throws {
    let callback = try ModelCheckpoint("model.h5")
    #expect(
      message {
        try Small.model().fit(Small.data(8), Small.options(), callbacks: [callback])
      } == "compile: expected a writer for checkpoints (`model.writer = KerasWriter()`), "
        + "but got none.")
  }
}
