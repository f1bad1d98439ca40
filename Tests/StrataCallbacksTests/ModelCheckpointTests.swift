import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

@Suite struct ModelCheckpointTests {
  /// Every third batch, whatever the epoch; the path knows the epoch and the batch.
  @Test func batchesAreCountedAcrossEpochs() throws {
    let training = RecordingControl()
    let callback = try ModelCheckpoint("w{epoch}-{batch}.h5", batches: 3)
    #expect(callback.observesBatches)
    try callback.trainBegin(training)
    for epoch in 0..<2 {
      callback.epochBegin(epoch, training)
      for batch in 0..<4 { try callback.batchEnd(batch, Logs(["loss": 1]), training) }
      var logs = Logs(["loss": 1])
      try callback.epochEnd(epoch, &logs, training)
    }
    #expect(training.written == ["model w1-3.h5", "model w2-2.h5"])
  }

  static let values = [0.5, 0.4, 0.45, 0.3]

  @Test(arguments: [
    ("0.3.3", ["weights w.00-0.500.h5", "weights w.01-0.400.h5"]),
    ("1.0.8", ["model w.00-0.500.h5", "model w.01-0.400.h5"]),
    ("2.0.9", ["model w.01-0.500.h5", "model w.02-0.400.h5"]),
  ])
  func numbersEpochsAndFillsFilesAsTheReleaseDid(_ release: String, _ files: [String]) throws {
    let control = RecordingControl()
    let checkpoint = try ModelCheckpoint("w.{epoch:02d}-{val_loss:.3f}.h5")
    let version = try #require(Version(parsing: release))
    try control.run(checkpoint, [0.5, 0.4], under: .keras(version))
    #expect(control.written == files)
  }

  @Test func savesOnlyTheBest() throws {
    let control = RecordingControl()
    let checkpoint = try ModelCheckpoint("best.h5", saveBestOnly: true, saveWeightsOnly: true)
    try control.run(checkpoint, Self.values + [.nan])
    #expect(control.written == Array(repeating: "weights best.h5", count: 3))
    #expect(checkpoint.best == 0.3)
  }

  @Test func saysWhatItDoes() throws {
    let control = RecordingControl()
    let checkpoint = try ModelCheckpoint("w.h5", saveBestOnly: true, verbose: true)
    try control.run(checkpoint, Array(Self.values.prefix(3)), under: .keras("1.2.0"))
    #expect(
      control.reports == [
        "Epoch 00000: val_loss improved from inf to 0.50000, saving model to w.h5",
        "Epoch 00001: val_loss improved from 0.50000 to 0.40000, saving model to w.h5",
        "Epoch 00002: val_loss did not improve",
      ])
    let later = RecordingControl()
    let every = try ModelCheckpoint("w{epoch}.h5", verbose: true)
    try later.run(every, [0.5], under: .keras("2.2.4"))
    #expect(later.reports == ["Epoch 00001: saving model to w1.h5"])
  }

  @Test func epochsBetweenPeriodsAreNeverCompared() throws {
    let control = RecordingControl()
    let checkpoint = try ModelCheckpoint("{epoch}.h5", saveBestOnly: true, period: 2)
    try control.run(checkpoint, [0.5, 0.4, 0.1, 0.3, 0.2, 0.35], under: .keras("2.3.1"))
    #expect(control.written == ["model 2.h5", "model 4.h5"])
  }

  @Test func theThresholdMustBeBeaten() throws {
    let control = RecordingControl()
    let checkpoint = try ModelCheckpoint(
      "{epoch}.h5", saveBestOnly: true, initialValueThreshold: 0.42)
    try control.run(checkpoint, Self.values)
    #expect(control.written == ["model 2.h5", "model 4.h5"])
  }

  @Test func continuesAfterARestart() throws {
    let first = try ModelCheckpoint("{epoch}.h5", saveBestOnly: true)
    try RecordingControl().run(first, [0.5, 0.2])
    let second = try ModelCheckpoint(configuration: first.configuration)
    try second.restore(first.state)
    let control = RecordingControl()
    try control.run(second, [0.3, 0.1], from: 2)
    #expect(control.written == ["model 4.h5"])
  }

  @Test func rejectsAPeriodOfZero() {
    let error = #expect(throws: HyperparameterError.self) { try ModelCheckpoint("a", period: 0) }
    #expect(error?.description == "ModelCheckpoint: period must be at least 1, but got 0.")
  }
}
