import Foundation
import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Rates from a schedule, averages put in place, trainings that go on.
@Suite struct ScheduledFitTests {
  private func model(_ optimizer: Optimizer, _ semantics: Semantics = .strata) throws -> Model {
    let model = try Small.model(semantics)
    try model.compile(optimizer: optimizer, losses: [CategoricalCrossentropy()])
    return model
  }

  private func weights(_ model: Model) throws -> [[Float]] {
    try model.weights.map { try $0.value.floats() }
  }

  /// Four updates of a schedule are four updates with its rates set by hand.
  @Test func aScheduleSetsTheRateOfEveryUpdate() throws {
    let schedule = PiecewiseConstantDecay(boundaries: [0, 2], values: [0.1, 0.05, 0.2])
    let scheduled = try model(SGD().scheduled(schedule))
    let byHand = try model(Optimizer(SGD(learningRate: 0.1)))
    try byHand.setWeights(scheduled.weights.map(\.value))
    let rates: [Float] = [0.1, 0.05, 0.05, 0.2]
    let setter = LambdaCallback(batchBegin: { batch, _, training in
      training.learningRate = rates[batch]
    })
    let options = Small.options(epochs: 1, batchSize: 2) { $0.shuffle = .none }
    var seen: [Float] = []
    let watch = LambdaCallback(batchBegin: { _, _, training in seen.append(training.learningRate) })
    try scheduled.fit(Small.data(8), options, callbacks: [watch])
    try byHand.fit(Small.data(8), options, callbacks: [setter])
    #expect(try weights(scheduled) == weights(byHand))
    #expect(seen == rates)
  }

  @Test func aCallbackCannotSetTheRateOfASchedule() throws {
    let model = try model(
      SGD().scheduled(ExponentialDecay(initialRate: 0.1, decaySteps: 1, decayRate: 0.5)))
    let error = #expect(throws: CompileError.self) {
      try model.fit(
        Small.data(4), Small.options(epochs: 1, batchSize: 2),
        callbacks: [LearningRateScheduler { _ in 0.5 }])
    }
    #expect(
      error?.description
        == "compile: expected the learning rate left to ExponentialDecay, but got a callback that "
        + "sets it to 0.5.")
  }

  /// With a rate of 0 only the decay moves weights: by `1 − 0.1·η`, and not those left out.
  @Test func weightsLeftOutDoNotDecay() throws {
    let optimizer = SGD(learningRate: 1e-20).weightDecayed(by: 1e19, excluding: ["bias"])
    let model = try model(optimizer)
    try model.setWeights(model.weights.map { .full($0.value.shape, 1) })
    try model.fit(Small.data(2), Small.options(epochs: 1, batchSize: 2))
    for (path, value) in model.weights {
      let expected: Float = path.hasSuffix("bias") ? 1 : 0.9
      #expect(try value.floats().allSatisfy { $0 == expected }, "\(path)")
    }
    let definition = CompileDefinition(optimizer: optimizer, losses: [CategoricalCrossentropy()])
    let data = try JSONEncoder().encode(definition)
    let read = try JSONDecoder().decode(CompileDefinition.self, from: data)
    #expect(read.optimizer == optimizer)
  }

  /// Recorded: Keras 3.15.1 on TensorFlow 2.21, `MultiOptimizer`, four steps of two samples.
  @Test func partsOfAnOptimizerStepOnTheirParameters() throws {
    var network = Sequential(input: [3])
    network.add(Dense(units: 4, activation: .tanh), name: "a")
    network.add(Dense(units: 2), name: "b")
    let model = try Model(network, semantics: .keras("3.15.1"), seed: 1)
    try model.setWeights([
      Tensor(
        [
          -0.003830134868621826, -0.8963293433189392, 0.5912233591079712, -0.7576608657836914,
          0.7445526123046875, -0.2734193801879883, 0.44559383392333984, 0.6733129024505615,
          0.5017101764678955, -0.7673514485359192, 0.8824552297592163, -0.12575912475585938,
        ], shape: [3, 4]), .zeros([4]),
      Tensor(
        [
          0.3470156192779541, -0.48105740547180176, -0.19350957870483398, 0.5031139850616455,
          -0.3876054286956787, -0.7507877349853516, 0.7870447635650635, -0.1286325454711914,
        ], shape: [4, 2]), .zeros([2]),
    ])
    let optimizer = RMSprop(learningRate: 0.01).with(Adam(learningRate: 0.02), for: ".*a/kernel")
      .with(SGD(learningRate: 0.1, momentum: 0.5), for: "sequential/b/.*")
    try model.compile(optimizer: optimizer, losses: [MeanSquaredError()])
    try model.fit(
      Tensor([1, 2, -1, 0.5, -1, 2, 1, 1, 0, -2, 0.5, 1], shape: [4, 3]),
      Tensor([1, 0, 0, 1, 1, 1, -1, 2], shape: [4, 2]), batchSize: 2, epochs: 2,
      verbosity: .silent, shuffle: .none)
    let recorded: [[Float]] = [
      [
        9.949598461389542e-05, -0.9044609665870667, 0.5614354610443115, -0.6898874044418335,
        0.7511761784553528, -0.20491091907024384, 0.3739844560623169, 0.7505148649215698,
        0.42882150411605835, -0.7498155236244202, 0.8690510988235474, -0.1299295872449875,
      ],
      [-0.06899112462997437, 0.07388067245483398, -0.06965246796607971, 0.06839749217033386],
      [
        0.29555976390838623, -0.03612362593412399, -0.5660647749900818, 0.17034079134464264,
        -0.17921197414398193, -0.2828707695007324, 0.5025011301040649, -0.0750771015882492,
      ],
      [0.00566139817237854, 0.8643914461135864],
    ]
    for (weight, expected) in zip(model.weights, recorded) {
      let values = try weight.value.floats()
      #expect(
        zip(values, expected).allSatisfy { abs($0 - $1) < 2e-6 }, "\(weight.path): \(values)")
    }
    let definition = CompileDefinition(optimizer: optimizer, losses: [MeanSquaredError()])
    let data = try JSONEncoder().encode(definition)
    let read = try JSONDecoder().decode(CompileDefinition.self, from: data)
    #expect(read.optimizer == optimizer)
    let error = #expect(throws: HyperparameterError.self) {
      try model.compile(
        optimizer: optimizer.with(Adam(), for: "b/kernel.*"), losses: [MeanSquaredError()])
    }
    #expect(
      error?.description == "rmsprop: parts must be one at most for b/kernel, but got "
        + "\"sequential/b/.*\" and \"b/kernel.*\".")
  }

  @Test func aDefinitionWithAScheduleIsWrittenAndRead() throws {
    let definition = CompileDefinition(
      optimizer: SGD(momentum: 0.9).scheduled(CosineDecay(initialRate: 0.1, decaySteps: 9)),
      losses: [CategoricalCrossentropy()])
    let data = try JSONEncoder().encode(definition)
    let read = try JSONDecoder().decode(CompileDefinition.self, from: data)
    #expect(read.optimizer == definition.optimizer)
  }

  // MARK: Averages

  /// Validated with the averages, trained on with the parameters.
  @Test func averagesStandInForValidation() throws {
    let optimizer = SGD(learningRate: 0.5).averaged(momentum: 0.5)
    let (swapped, plain) = (try model(optimizer), try model(optimizer))
    try plain.setWeights(swapped.weights.map(\.value))
    let options = Small.options(epochs: 2, batchSize: 2) {
      $0.shuffle = .none
      $0.validationData = Small.data(4)
    }
    let withSwap = try swapped.fit(Small.data(8), options, callbacks: [SwapEMAWeights()])
    let without = try plain.fit(Small.data(8), options)
    #expect(try weights(swapped) == weights(plain), "training is the same")
    #expect(withSwap["loss"] == without["loss"])
    #expect(withSwap["val_loss"] != without["val_loss"])
    // What fit leaves are the averages: the last validation saw them.
    let value = try swapped.evaluate(Small.data(4), batchSize: 2)["loss"] ?? .nan
    #expect(abs(value - (withSwap["val_loss"].last ?? 0)) < 1e-6)
  }

  @Test func swappedAtEpochEndTheAveragesAreWhatOthersSee() throws {
    let model = try model(SGD(learningRate: 0.5).averaged(momentum: 0.5))
    var seen: [WeightSnapshot] = []
    let watch = LambdaCallback(epochEnd: { _, _, training in
      seen.append(try training.snapshotWeights())
    })
    let options = Small.options(epochs: 2, batchSize: 2) { $0.shuffle = .none }
    try model.fit(
      Small.data(8), options, callbacks: [SwapEMAWeights(swapsOnEpoch: true), watch])
    #expect(try weights(model) == seen.last?.values, "the averages of the last epoch stay")
  }

  @Test func withoutAveragesThereIsNothingToSwap() throws {
    let model = try model(Optimizer(SGD()))
    let options = Small.options(epochs: 1, batchSize: 2) { $0.validationData = Small.data(4) }
    #expect(throws: HyperparameterError.self) {
      try model.fit(Small.data(4), options, callbacks: [SwapEMAWeights()])
    }
  }

  // MARK: Backup

  private struct Crash: Error {}

  @Test(arguments: [Semantics.strata, .keras("1.2.0")])
  func aTrainingGoesOnFromItsBackupWithTheSameBits(_ semantics: Semantics) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backup-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let options = Small.options(epochs: 4, batchSize: 2)
    let whole = try model(Optimizer(SGD(momentum: 0.9)), semantics)
    let start = whole.weights.map(\.value)
    try whole.fit(Small.data(8), options)

    let crash = LambdaCallback(epochBegin: { epoch, _ in if epoch == 2 { throw Crash() } })
    let first = try model(Optimizer(SGD(momentum: 0.9)), semantics)
    try first.setWeights(start)
    #expect(throws: Crash.self) {
      try first.fit(Small.data(8), options, callbacks: [try BackupAndRestore(folder), crash])
    }
    let second = try model(Optimizer(SGD(momentum: 0.9)), semantics)
    let backup = try BackupAndRestore(folder)
    #expect(FileManager.default.fileExists(atPath: backup.path))
    let history = try second.fit(Small.data(8), options, callbacks: [backup])
    #expect(history.epochs == [2, 3])
    #expect(try weights(second) == weights(whole))
    #expect(!FileManager.default.fileExists(atPath: backup.path))
  }

  @Test func aDamagedBackupIsNamed() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backup-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("{}".utf8).write(to: folder.appending(path: "training.json"))
    let model = try model(Optimizer(SGD()))
    #expect(throws: BackupError.self) {
      try model.fit(
        Small.data(4), Small.options(epochs: 1, batchSize: 2),
        callbacks: [try BackupAndRestore(folder.path)])
    }
  }

  // MARK: Validation

  @Test func everySecondEpochIsValidatedInBatchesOfItsOwn() throws {
    let (often, seldom) = (try model(Optimizer(SGD())), try model(Optimizer(SGD())))
    try seldom.setWeights(often.weights.map(\.value))
    func options(_ frequency: Int, _ size: Int?) -> FitOptions {
      Small.options(epochs: 4, batchSize: 2) {
        $0.shuffle = .none
        $0.validationData = Small.data(5)
        $0.validationFrequency = frequency
        $0.validationBatchSize = size
      }
    }
    let all = try often.fit(Small.data(8), options(1, nil))["val_loss"]
    let some = try seldom.fit(Small.data(8), options(2, 5))["val_loss"]
    #expect(all.count == 4 && some.count == 2)
    #expect(abs(all[1] - some[0]) < 1e-6 && abs(all[3] - some[1]) < 1e-6)
    #expect(throws: DataError.self) { try often.fit(Small.data(8), options(0, nil)) }
  }

  // MARK: Settings of other releases

  @Test func aSettingThatTheReleaseHasNotIsReported() throws {
    var lines: [String] = []
    let model = try model(Optimizer(SGD()), .keras("2.0.9"))
    let options = Small.options(epochs: 1, batchSize: 2) {
      $0.validationData = Small.data(4)
      $0.report = { lines.append($0) }
    }
    try model.fit(
      Small.data(4), options,
      callbacks: [EarlyStopping(patience: 1, restoreBestWeights: true)])
    #expect(
      lines == [
        "warning: EarlyStopping: keras-2.0.9+tensorflow-1.15.0 has no restore_best_weights (Keras "
          + "since 2.2.3); it acts all the same."
      ])
  }
}
