import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

@Suite struct ProgressLoggerTests {
  final class Output {
    var pieces: [String] = []
    var text: String { pieces.joined() }
  }

  /// An epoch of 7 samples in batches of 4 and 3, a clock that stands still between events.
  private func epoch(
    _ verbosity: Verbosity, isTerminal: Bool = true, under semantics: Semantics = .keras("0.3.3"),
    secondsPerBatch: Double = 0
  ) throws -> Output {
    let output = Output()
    var now = 100.0
    let logger = ProgressLogger(
      verbosity, sink: ProgressSink(isTerminal: isTerminal) { output.pieces.append($0) },
      clock: { now })
    let control = RecordingControl(
      TrainingProgress(
        epochs: 1, batchSize: 4, sampleCount: 7,
        metrics: ["loss", "acc", "val_loss", "val_acc"]))
    logger.resolve(under: semantics)
    logger.trainBegin(control)
    logger.epochBegin(0, control)
    for (index, batch) in [
      Logs(["batch": 0, "size": 4, "loss": 0.9408, "acc": 0.25]),
      Logs(["batch": 1, "size": 3, "loss": 0.65, "acc": 0.6667]),
    ].enumerated() {
      now += secondsPerBatch
      logger.batchEnd(index, batch, control)
    }
    var logs = Logs(["loss": 0.8163, "acc": 0.4286, "val_loss": 1.0146, "val_acc": 0.3333, "lr": 1])
    logger.epochEnd(0, &logs, control)
    return output
  }

  /// The stream of an epoch of 7 samples under Keras 0.3.3, character for character.
  @Test func drawsTheBarOfKeras() throws {
    #expect(
      try epoch(.bar).pieces == [
        "Epoch 1/1\n",
        "\r4/7 [================>.............] - ETA: 0s - loss: 0.9408 - acc: 0.2500",
        String(repeating: "\u{8}", count: 75)
          + "\r7/7 [==============================] - 0s - loss: 0.8163 - acc: 0.4286"
          + " - val_loss: 1.0146 - val_acc: 0.3333\n",
      ])
  }

  @Test func tellsTheTimeThatIsLeftAndPadsShorterLines() throws {
    let text = try epoch(.bar, secondsPerBatch: 40).text
    #expect(text.contains("ETA: 30s - loss"))
    #expect(text.contains("] - 80s - loss: 0.8163"))
  }

  @Test func writesALineForEachEpoch() throws {
    let text = "Epoch 1/1\n0s - loss: 0.8163 - acc: 0.4286 - val_loss: 1.0146 - val_acc: 0.3333\n"
    #expect(try epoch(.linePerEpoch).text == text)
    #expect(try epoch(.bar, isTerminal: false).text == text)
    #expect(try epoch(.silent).text == "")
  }

  /// After two of three batches of 2: before 2.3 the means of both, in 2.3 the metric's result so far.
  @Test(arguments: [
    ("2.2.4", "loss: 1.5000 - acc: 0.7500"), ("2.3.1", "loss: 1.5000 - acc: 0.5000"),
  ])
  func showsResultsSoFar(_ release: String, _ expected: String) throws {
    var text = ""
    var now = 0.0
    let logger = ProgressLogger(
      .bar, sink: ProgressSink(isTerminal: true) { text += $0 }, clock: { now })
    let control = RecordingControl(
      TrainingProgress(epochs: 1, batchSize: 2, sampleCount: 6, metrics: ["loss", "acc"]))
    logger.resolve(under: .keras(try #require(Version(parsing: release))))
    logger.trainBegin(control)
    logger.epochBegin(0, control)
    for (index, values) in [(1.0, 1.0), (2.0, 0.5)].enumerated() {
      now += 1
      let logs = Logs(["batch": Double(index), "size": 2, "loss": values.0, "acc": values.1])
      logger.batchEnd(index, logs, control)
    }
    #expect(text.contains("4/6") && text.contains(expected), "\(text)")
  }

  @Test func asksForBatchesOnlyToDrawBars() {
    let sink = { ProgressSink(isTerminal: $0) { _ in } }
    #expect(ProgressLogger(.bar, sink: sink(true)).observesBatches)
    #expect(!ProgressLogger(.bar, sink: sink(false)).observesBatches)
    #expect(!ProgressLogger(.linePerEpoch, sink: sink(true)).observesBatches)
  }

  @Test func announcesTheSamplesOfAValidation() {
    let output = Output()
    let logger = ProgressLogger(
      .linePerEpoch, sink: ProgressSink(isTerminal: false) { output.pieces.append($0) })
    let control = RecordingControl(
      TrainingProgress(epochs: 1, sampleCount: 10, validationSampleCount: 5))
    logger.resolve(under: .keras("1.2.0"))
    logger.trainBegin(control)
    #expect(output.text == "Train on 10 samples, validate on 5 samples\n")
  }
}
