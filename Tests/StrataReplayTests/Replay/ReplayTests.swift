import Foundation
import StrataCallbacks
import StrataCore
import StrataHDF5
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataReplay
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@Suite struct ReplayTests {
  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).run.h5").path
  }

  private func samples(_ count: Int, seed: UInt64) -> Dataset {
    var random = Philox(seed: seed, name: "samples")
    let x = random.normal(count: count * 6)
    let labels = (0..<count).map { x[$0 * 6] + x[$0 * 6 + 1] > 0 ? 1 : 0 }
    let y = labels.flatMap { [Float(1 - $0), Float($0)] }
    return Dataset(Tensor(x, shape: [count, 6]), Tensor(y, shape: [count, 2]))
  }

  /// Trains a network with dropout, batch normalisation and a schedule, recording to `path`.
  private func record(_ semantics: Semantics, to path: String) throws {
    let model = try Model(
      Sequential(input: [6]) {
        Dense(units: 8, activation: .relu)
        BatchNormalization()
        Dropout(rate: 0.25)
        Dense(units: 2, activation: .softmax)
      }, semantics: semantics, seed: 7)
    try model.compile(
      optimizer: Adam(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    var options = FitOptions()
    options.batchSize = 10
    options.epochs = 4
    options.verbosity = .silent
    options.validationData = samples(20, seed: 2)
    try model.fit(
      samples(44, seed: 1), options, callbacks: [try Step(steps: [2], rates: [1e-2, 1e-3])],
      recordTo: path, includesData: true)
  }

  @Test(arguments: [Semantics.keras("0.3.3"), .keras("1.2.0"), .keras("2.3.1"), .strata])
  func comesOutToTheLastBit(_ semantics: Semantics) throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(semantics, to: path)
    for _ in 0..<2 {
      let report = try Replayer(RunFile(contentsOf: path)).replay()
      #expect(report.isIdentical, "\(report.difference ?? "")")
      #expect(report.epochs.count == 4)
    }
  }

  @Test func otherSemanticsGiveAnotherHistory() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(.keras("0.3.3"), to: path)
    let report = try Replayer(RunFile(contentsOf: path)).replay(as: .keras("1.2.0"))
    #expect(!report.isIdentical)
    #expect(report.firstDifference?.epoch == 0)
  }

  /// One flipped bit in the data, an initial weight or a recorded value is named.
  @Test(arguments: [
    "data/x0", "data/y0", "validation/x0", "initial/0000", "batch/loss", "history/val_loss",
  ])
  func aFlippedBitIsNamed(_ place: String) throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(.keras("1.2.0"), to: path)
    do {
      let file = try HDF5File.open(path, access: .readWrite)
      let dataset = try file.root.dataset(place)
      if place.hasPrefix("history") {
        var values = try dataset.read(as: Double.self)
        values[1] = Double(bitPattern: values[1].bitPattern ^ 1)
        try dataset.write(values)
      } else {
        var values = try dataset.read(as: Float.self)
        values[1] = Float(bitPattern: values[1].bitPattern ^ 1)
        try dataset.write(values)
      }
      try file.close()
    }
    let error = #expect(throws: RunFileError.self) { try RunFile(contentsOf: path) }
    #expect(error?.place == place)
  }

  @Test func otherDataAreRefused() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(.keras("1.2.0"), to: path)
    let replayer = try Replayer(RunFile(contentsOf: path))
    let error = #expect(throws: ReplayError.self) {
      try replayer.replay(data: samples(44, seed: 3))
    }
    #expect(error?.place == "data/x0")
  }

  private func smallModel(_ semantics: Semantics) throws -> Model {
    let model = try Model(
      Sequential(input: [6]) { Dense(units: 2, activation: .softmax) }, semantics: semantics,
      seed: 3)
    try model.compile(optimizer: Adam(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    return model
  }

  private func options(epochs: Int) -> FitOptions {
    var options = FitOptions()
    options.batchSize = 8
    options.epochs = epochs
    options.verbosity = .silent
    options.report = { _ in }
    return options
  }

  /// A rate that a closure sets after each batch acts from the next batch on, in the replay too.
  @Test func aScheduleByBatchesIsRepeated() throws {
    let model = try smallModel(.keras("1.2.0"))
    let schedule = LambdaCallback(
      batchEnd: { batch, _, training in training.learningRate = 0.01 / Float(batch + 1) })
    let (_, run) = try model.record(
      samples(40, seed: 1), options(epochs: 2), callbacks: [schedule], includesData: true)
    let report = try Replayer(#require(run)).replay()
    #expect(report.isIdentical, "\(report.difference ?? "")")
  }

  /// What stopped the run is not known, where it stopped is.
  @Test func aStopIsRepeated() throws {
    let model = try smallModel(.keras("1.2.0"))
    let stopper = LambdaCallback(
      epochEnd: { epoch, _, training in if epoch == 1 { training.stop() } })
    let (_, run) = try model.record(
      samples(40, seed: 1), options(epochs: 9), callbacks: [stopper], includesData: true)
    #expect(run?.record.outcome == "stopped")
    let report = try Replayer(#require(run)).replay()
    #expect(report.epochs.count == 2 && report.isIdentical, "\(report.difference ?? "")")
  }

  /// Within an epoch, and at the end of one, when its validation has been done.
  @Test(arguments: [true, false])
  func anInterruptIsRepeated(withinEpoch: Bool) async throws {
    let run = try await Task {
      let model = try smallModel(.keras("1.2.0"))
      let interrupt = LambdaCallback(
        epochEnd: { epoch, _, _ in
          if epoch == 1, !withinEpoch { withUnsafeCurrentTask { $0?.cancel() } }
        },
        batchEnd: { _, _, _ in
          // The second batch of the second epoch.
          guard model.optimizerState?.iterations == 7, withinEpoch else { return }
          withUnsafeCurrentTask { $0?.cancel() }
        })
      var options = options(epochs: 9)
      options.validationData = samples(10, seed: 2)
      return try model.record(
        samples(40, seed: 1), options, callbacks: [interrupt], includesData: true
      ).1
    }.value
    #expect(run?.record.outcome == "interrupted")
    let report = try Replayer(#require(run)).replay()
    #expect(report.epochs.count == 2 && report.isIdentical, "\(report.difference ?? "")")
  }

  /// The epoch at hand ends early, validated or not, as the release has it.
  @Test(arguments: [Semantics.keras("1.2.0"), .keras("2.0.9"), .keras("3.15.1")])
  func aStopWithinAnEpochIsRepeated(_ semantics: Semantics) throws {
    let model = try smallModel(semantics)
    let stopper = LambdaCallback(
      batchEnd: { _, _, training in if model.optimizerState?.iterations == 7 { training.stop() } })
    var options = options(epochs: 9)
    options.validationData = samples(10, seed: 2)
    let (_, run) = try model.record(
      samples(40, seed: 1), options, callbacks: [stopper], includesData: true)
    #expect(run?.record.outcome == "stopped")
    let report = try Replayer(#require(run)).replay()
    #expect(report.epochs.count == 2 && report.isIdentical, "\(report.difference ?? "")")
  }

  /// Some epochs have values that others lack.
  @Test func validationOfEverySecondEpochIsRepeated() throws {
    var options = options(epochs: 5)
    options.validationData = samples(10, seed: 2)
    options.validationFrequency = 2
    options.validationBatchSize = 3
    let (history, run) = try smallModel(.keras("2.3.1")).record(
      samples(40, seed: 1), options, includesData: true)
    #expect(history["val_loss"].count == 2)
    let report = try Replayer(#require(run)).replay()
    #expect(report.epochs.map(\.values.count) == [2, 4, 2, 4, 2])
    #expect(report.isIdentical, "\(report.difference ?? "")")
  }

  /// A run that was resumed is recorded from where it went on: weights, the optimizer's memory,
  /// random numbers, the order of the samples, the epoch.
  @Test(arguments: [Semantics.keras("1.2.0"), .strata])
  func aResumedTrainingIsRepeated(_ semantics: Semantics) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    struct Crash: Error {}
    let backup = try BackupAndRestore(folder)
    let crash = LambdaCallback(
      epochBegin: { epoch, _ in if epoch == 2 { throw Crash() } })
    let data = samples(40, seed: 1)
    #expect(throws: Crash.self) {
      try smallModel(semantics).fit(data, options(epochs: 5), callbacks: [backup, crash])
    }
    let (history, run) = try smallModel(semantics).record(
      data, options(epochs: 5), callbacks: [backup], includesData: true)
    #expect(history.epochs == [2, 3, 4])
    let report = try Replayer(#require(run)).replay()
    #expect(report.epochs.map(\.epoch) == [2, 3, 4])
    #expect(report.isIdentical, "\(report.difference ?? "")")
  }

  /// Keras before 1.0.5 logs two metrics under one key.
  @Test func metricsOfOneKeyAreRecorded() throws {
    let model = try smallModel(.keras("0.3.3"))
    try model.compile(
      optimizer: Optimizer(Adam()), losses: [CategoricalCrossentropy()],
      metrics: [.accuracy, .accuracy(typed: "acc")])
    let (_, run) = try model.record(samples(20, seed: 1), options(epochs: 1), includesData: true)
    #expect(try Replayer(#require(run)).replay().isIdentical)
  }

  /// A tensor of another size is refused, not written over the memory behind.
  @Test func initialTensorsOfAnotherSizeAreRefused() throws {
    let model = try smallModel(.keras("1.2.0"))
    var run = try #require(
      try model.record(samples(20, seed: 1), options(epochs: 1), includesData: true).1)
    run.initial[0].append(1)
    let replayer = Replayer(run)
    let error = #expect(throws: ReplayError.self) { try replayer.replay() }
    #expect(error?.place == "initial")
  }
}
