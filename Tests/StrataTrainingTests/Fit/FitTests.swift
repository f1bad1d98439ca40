import StrataCallbacks
import StrataCore
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Data, order and logs of `fit`.
@Suite struct FitTests {
  /// Notes the sizes of batches.
  private final class Sizes: Callback {
    var sizes: [Int] = []
    var observesBatches: Bool { true }
    func batchBegin(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) {
      sizes.append(Int(logs["size"] ?? -1))
    }
  }

  @Test func anOptimizerWithClippingIsCompiledWithOneLoss() throws {
    let model = try Small.model(compiles: false)
    try model.compile(
      optimizer: SGD(learningRate: 1).clipped(norm: 1e-3), loss: CategoricalCrossentropy())
    let before = try model.weights.flatMap { try $0.value.floats() }
    try model.fit(Small.data(4), Small.options())
    let after = try model.weights.flatMap { try $0.value.floats() }
    let moved = zip(before, after).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(moved > 0 && moved.squareRoot() < 1.001e-3)
  }

  @Test func theLastSmallerBatchIsTrained() throws {
    let sizes = Sizes()
    try Small.model().fit(Small.data(10), Small.options(batchSize: 4), callbacks: [sizes])
    #expect(sizes.sizes == [4, 4, 2])
  }

  @Test func batchesOfASourceMayDiffer() throws {
    let (data, sizes) = (Small.data(9), Sizes())
    let source = GeneratedBatches { epoch in
      [data.slice(0..<2), data.slice(2..<3), data.slice(3..<(epoch == 0 ? 9 : 5))]
    }
    let history = try Small.model().fit(
      batches: source, Small.options(epochs: 2), callbacks: [sizes])
    #expect(sizes.sizes == [2, 1, 6, 2, 1, 2])
    #expect(history["loss"].count == 2)
  }

  /// The same batches from memory and from a source train the same.
  @Test func aSourceTrainsLikeMemory() throws {
    let data = Small.data(10)
    let (a, b) = (try Small.model(), try Small.model())
    let first = try a.fit(data, Small.options(epochs: 3) { $0.shuffle = .none })
    let source = GeneratedBatches(sampleCount: 10) { _ in
      [data.slice(0..<4), data.slice(4..<8), data.slice(8..<10)]
    }
    let second = try b.fit(batches: source, Small.options(epochs: 3))
    #expect(try a.weightBits() == b.weightBits())
    #expect(first["loss"] == second["loss"])
  }

  @Test func sourcesThatGiveNothing() throws {
    let none = GeneratedBatches { _ in [Dataset]() }
    #expect(
      message { try Small.model().fit(batches: none, Small.options()) }
        == "batches: expected at least one in epoch 0, but got none.")
    let empty = GeneratedBatches { _ in [Small.data(4).slice(0..<0)] }
    #expect(
      message { try Small.model().fit(batches: empty, Small.options()) }
        == "data: expected at least 1 sample, but got 0.")
    let some = GeneratedBatches { _ in [Small.data(4)] }
    #expect(
      message { try Small.model().fit(batches: some, Small.options { $0.validationSplit = 0.5 }) }
        == "validationSplit: expected 0 for batches of a source (give validationData), "
        + "but got 0.5.")
  }

  /// A weight of two is a sample given twice, as long as the batch is the whole.
  @Test func sampleWeightsWeigh() throws {
    let data = Small.data(4)
    var weighted = data
    weighted.weights = [Tensor([1, 0, 1, 1], shape: [4])]
    let kept = Dataset(
      .concatenate([data.slice(0..<1).inputs[0], data.slice(2..<4).inputs[0]], axis: 0),
      .concatenate([data.slice(0..<1).targets[0], data.slice(2..<4).targets[0]], axis: 0))
    let model = try Small.model()
    let (a, b) = (try model.testOnBatch(weighted)[0].value, try model.testOnBatch(kept)[0].value)
    #expect(abs(a - b) < 1e-6)
  }

  @Test func classWeightsAreSampleWeights() throws {
    let data = Small.data(7)
    let byClass = try Small.model()
    try byClass.fit(data, Small.options(epochs: 2) { $0.classWeight = [0: 1, 1: 0.5, 2: 3] })
    var weighted = data
    weighted.weights = [Tensor([1, 0.5, 3, 1, 0.5, 3, 1], shape: [7])]
    let bySample = try Small.model()
    try bySample.fit(weighted, Small.options(epochs: 2))
    #expect(try byClass.weightBits() == bySample.weightBits())
  }

  /// Until 2.2.4 sample weights alone count, then they are multiplied with those of the classes.
  @Test func classWeightsTogetherWithSampleWeights() throws {
    func loss(_ release: Version, _ classWeight: [Int: Float]?) throws -> Double {
      var data = Small.data(3)
      data.weights = [.full([3], 2)]
      let options = Small.options { $0.classWeight = classWeight }
      return try Small.model(.keras(release)).fit(data, options)["loss"][0]
    }
    let weights: [Int: Float] = [0: 2, 1: 2, 2: 2]
    #expect(try loss("1.2.0", weights) == loss("1.2.0", nil))
    #expect(try abs(loss("2.3.1", weights) / loss("2.3.1", nil) - 2) < 1e-6)
  }

  /// 1.x weighs the samples before it splits them, 0.3.3 and later releases do not.
  @Test func classWeightsInAValidationSplit() throws {
    func validationLoss(_ release: Version, _ classWeight: [Int: Float]?) throws -> Double {
      let options = Small.options {
        $0.classWeight = classWeight
        $0.validationSplit = 0.5
      }
      let model = try Small.model(.keras(release))
      model.setRate(0)
      return try model.fit(Small.data(12), options)["val_loss"][0]
    }
    let weights: [Int: Float] = [0: 2, 1: 2, 2: 2]
    #expect(try validationLoss("0.3.3", weights) == validationLoss("0.3.3", nil))
    #expect(try abs(validationLoss("1.2.0", weights) / validationLoss("1.2.0", nil) - 2) < 1e-6)
    #expect(try validationLoss("3.15.1", weights) == validationLoss("3.15.1", nil))
  }

  /// The loss `mean x²` of a model without layers tells which rows a batch held.
  @Test func wholeBatchesChangePlaces() throws {
    let data = Dataset(Tensor((0..<10).map { Float($0) }, shape: [10, 1]), .zeros([10, 1]))
    let model = try Model(Sequential(input: [1]), semantics: .keras("1.2.0"), seed: 9)
    try model.compile(optimizer: SGD(), loss: MeanSquaredError())
    var losses: [Double] = []
    let watch = LambdaCallback(batchEnd: { _, logs, _ in losses.append(logs["loss"] ?? .nan) })
    let options = Small.options(epochs: 20, batchSize: 3) { $0.shuffle = .batches }
    try model.fit(data, options, callbacks: [watch])
    let whole = [5.0 / 3, 50.0 / 3, 149.0 / 3].map { Double(Float($0)) }
    let orders = stride(from: 0, to: 80, by: 4).map { Array(losses[$0..<$0 + 4]) }
    for order in orders {
      #expect(order[3] == 81)
      #expect(order.prefix(3).sorted() == whole)
    }
    #expect(Set(orders).count > 1)
  }

  @Test func trainingGoesOnFromAnEpoch() throws {
    var seen: [Int] = []
    let watch = LambdaCallback(epochBegin: { epoch, _ in seen.append(epoch) })
    let history = try Small.model().fit(
      Small.data(8), Small.options(epochs: 5) { $0.initialEpoch = 3 }, callbacks: [watch])
    #expect(seen == [3, 4])
    #expect(history.epochs == [3, 4])
    let none = try Small.model().fit(
      Small.data(8), Small.options(epochs: 2) { $0.initialEpoch = 2 })
    #expect(none.epochs.isEmpty)
  }

  /// One training in two calls is the same as in one: weights, slots and random streams go on.
  @Test(arguments: Contract.allCases)
  func twoFitsAreOne(_ contract: Contract) throws {
    let once = try contract.model(.strata, optimizer: Optimizer(Adam()))
    try once.fit(contract.data, Small.options(epochs: 4) { $0.shuffle = .none })
    let twice = try contract.model(.strata, optimizer: Optimizer(Adam()))
    try twice.fit(contract.data, Small.options(epochs: 2) { $0.shuffle = .none })
    try twice.fit(
      contract.data,
      Small.options(epochs: 4) {
        $0.shuffle = .none
        $0.initialEpoch = 2
      })
    #expect(try once.weightBits() == twice.weightBits())
  }

  @Test(arguments: [
    ("0.3.3", ["loss", "acc", "val_loss", "val_acc"]),
    ("1.2.0", ["loss", "acc", "val_loss", "val_acc"]),
    ("2.2.4", ["val_loss", "val_acc", "loss", "acc"]),
    ("2.3.1", ["val_loss", "val_accuracy", "loss", "accuracy"]),
    ("3.15.1", ["accuracy", "loss", "val_accuracy", "val_loss"]),
  ])
  func keysOfTheHistory(release: String, keys: [String]) throws {
    let version = try #require(Version(parsing: release))
    let options = Small.options { $0.validationData = Small.data(2) }
    #expect(try Small.model(.keras(version)).fit(Small.data(4), options).keys == keys)
  }

  @Test(arguments: [
    ("1.0.2", ["loss", "first_acc", "second_acc"]),
    ("1.2.0", ["loss", "first_loss", "second_loss", "first_acc", "second_acc"]),
    ("3.0.0", ["first_accuracy", "loss", "second_accuracy"]),
  ])
  func keysOfSeveralOutputs(release: String, keys: [String]) throws {
    let model = try Contract.sharedGraph.model(.keras(#require(Version(parsing: release))))
    #expect(try model.fit(Contract.sharedGraph.data, Small.options()).keys == keys)
  }

  /// 1.0.5 counts repeated keys from 2, 2.1.4 from 1; before, the later value replaced the first.
  @Test(arguments: [
    ("1.0.4", ["loss", "acc"]), ("1.2.0", ["loss", "acc", "acc_2"]),
    ("2.2.4", ["loss", "acc", "acc_1"]),
  ])
  func keysThatRepeat(release: String, keys: [String]) throws {
    let model = try Small.model(.keras(#require(Version(parsing: release))), compiles: false)
    try model.compile(
      optimizer: SGD(), loss: CategoricalCrossentropy(), metrics: [.accuracy, .accuracy])
    #expect(try model.fit(Small.data(4), Small.options()).keys == keys)
  }

  /// 3.0.0 and 3.1.1 count every batch the same in the loss of an epoch.
  @Test func theLossOfAnEpoch() throws {
    func losses(_ release: Version) throws -> (epoch: Double, batches: [Double]) {
      let model = try Small.model(.keras(release))
      model.setRate(0)
      let data = Small.data(5)
      let history = try model.fit(data, Small.options { $0.shuffle = .none })
      let batches = try [data.slice(0..<4), data.slice(4..<5)].map {
        Double(try model.testOnBatch($0)[0].value)
      }
      return (history["loss"][0], batches)
    }
    let (new, parts) = try losses("3.1.0")
    #expect(abs(new - (parts[0] + parts[1]) / 2) < 1e-9)
    let (old, same) = try losses("1.2.0")
    #expect(abs(old - (4 * same[0] + same[1]) / 5) < 1e-9)
  }
}

extension Model {
  /// Changes the rate in force.
  fileprivate func setRate(_ rate: Float) { optimizerState?.learningRate = rate }
}
