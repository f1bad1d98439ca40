import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

@Suite struct CallbackListTests {
  private func order(_ release: Version) throws -> [String] {
    let sink = ProgressSink(isTerminal: false) { _ in }
    let list = try CallbackList(
      user: [EarlyStopping()], history: TrainingHistory(),
      progress: ProgressLogger(.silent, sink: sink), under: .keras(release))
    return list.callbacks.map { "\(type(of: $0))" }
  }

  @Test func theOrderIsThatOfTheRelease() throws {
    #expect(try order("0.3.2") == ["TrainingHistory", "ProgressLogger", "EarlyStopping"])
    #expect(try order("1.2.0") == ["EarlyStopping", "TrainingHistory", "ProgressLogger"])
    #expect(try order("2.2.4") == ["ProgressLogger", "EarlyStopping", "TrainingHistory"])
  }

  @Test func callsInOrderAndOnlyObserversOfBatches() throws {
    var calls: [String] = []
    let quiet = LambdaCallback(epochBegin: { epoch, _ in calls.append("quiet \(epoch)") })
    let busy = LambdaCallback(
      epochBegin: { epoch, _ in calls.append("busy \(epoch)") },
      batchEnd: { batch, logs, _ in calls.append("batch \(batch) \(logs["loss"] ?? 0)") })
    let list = CallbackList([quiet, busy])
    #expect(list.observesBatches)
    #expect(!CallbackList([quiet]).observesBatches)
    try list.epochBegin(3, RecordingControl())
    try list.batchEnd(1, Logs(["loss": 2]), RecordingControl())
    #expect(calls == ["quiet 3", "busy 3", "batch 1 2.0"])
  }

  @Test func whatACallbackAddsReachesThoseAfterIt() throws {
    let history = TrainingHistory()
    let list = CallbackList([LambdaCallback(epochEnd: { _, logs, _ in logs["lr"] = 0.5 }), history])
    var logs = Logs(["loss": 1])
    try list.epochEnd(0, &logs, RecordingControl())
    #expect(history.keys == ["loss", "lr"])
    #expect(history["lr"] == [0.5])
  }

  @Test func theStateOfAListIsRestored() throws {
    let first = CallbackList([TrainingHistory(), TerminateOnNaN(), EarlyStopping(patience: 5)])
    let control = RecordingControl()
    try first.trainBegin(control)
    for epoch in 0..<2 {
      var logs = Logs(["val_loss": 1])
      try first.epochEnd(epoch, &logs, control)
    }
    let history = TrainingHistory()
    let stopping = EarlyStopping(patience: 5)
    let second = CallbackList([history, TerminateOnNaN(), stopping])
    try second.restore(first.state)
    try second.trainBegin(control)
    #expect(history.epochs == [0, 1])
    #expect(history["val_loss"] == [1, 1])
    #expect(stopping.wait == 1)
    let error = #expect(throws: HyperparameterError.self) {
      try CallbackList([EarlyStopping()]).restore(first.state)
    }
    #expect(
      error?.description
        == "callbacks: state must be of the callbacks 0 EarlyStopping, but got 0 TrainingHistory, "
        + "2 EarlyStopping.")
  }
}

@Suite struct TrainingHistoryTests {
  @Test func startsAnewWithEveryTraining() throws {
    let history = TrainingHistory()
    let control = RecordingControl()
    try control.run(history, "loss", [3, 2])
    #expect(history["loss"] == [3, 2])
    #expect(history["acc"] == [])
    try control.run(history, "loss", [1])
    #expect(history.epochs == [0])
    #expect(history["loss"] == [1])
  }
}

@Suite struct TerminateOnNaNTests {
  @Test(arguments: [Double.nan, .infinity])
  func stopsAtALossThatIsNoNumber(_ loss: Double) throws {
    let control = RecordingControl()
    let callback = TerminateOnNaN()
    try callback.batchEnd(2, Logs(["loss": 1]), control)
    #expect(!control.progress.isStopping)
    try callback.batchEnd(3, Logs(["loss": loss]), control)
    #expect(control.progress.isStopping)
    #expect(control.reports == ["Batch 3: Invalid loss, terminating training"])
  }

  @Test func throwsIfAskedTo() {
    let error = #expect(throws: InvalidLossError.self) {
      try TerminateOnNaN(raisesError: true).batchEnd(3, Logs(["loss": .nan]), RecordingControl())
    }
    #expect(
      error?.description == "TerminateOnNaN: the loss of batch 3 must be finite, but got nan.")
  }
}
