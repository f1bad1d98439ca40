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

/// Metrics of an epoch: averages of batches before Keras 2.3, running sums since.
///
/// The numbers of 2.2.4, 2.3.1 (Theano) and 3.15.1 (JAX) are those of the real releases on the same
/// data.
@Suite struct MetricAggregationTests {
  /// Keeps the logs of every batch.
  private final class Watch: Callback {
    private(set) var logs: [Logs] = []
    var observesBatches: Bool { true }
    func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) {
      self.logs.append(logs)
    }
  }

  /// A model that gives its input back and is not changed by training.
  private static func mirror(
    _ semantics: Semantics, _ metrics: [MetricChoice], weighted: [MetricChoice] = []
  ) throws -> Model {
    let model = try Model(Sequential(input: [1]) { Dense(units: 1) }, semantics: semantics, seed: 1)
    try model.setWeights([Tensor([1], shape: [1, 1]), Tensor([0], shape: [1])])
    try model.compile(
      optimizer: SGD(learningRate: 0), loss: MeanSquaredError(), metrics: metrics,
      weightedMetrics: weighted)
    return model
  }

  /// Batches of 3 and 2.
  ///
  /// In the first the positive lies above both negatives, in the second below.
  private static let samples = Dataset(
    Tensor([0.9, 0.2, 0.6, 0.3, 0.8], shape: [5, 1]), Tensor([1, 0, 0, 1, 0], shape: [5, 1]))

  private static func fit(_ model: Model, _ watch: Watch) throws -> TrainingHistory {
    var options = FitOptions()
    options.batchSize = 3
    options.epochs = 2
    options.shuffle = .none
    options.verbosity = .silent
    options.validationData = samples
    return try model.fit(samples, options, callbacks: [watch])
  }

  /// Areas of 1 and 0 in the batches: (3·1 + 2·0) / 5, and the same in validation.
  @Test func anAreaIsAveragedOverBatchesBefore23() throws {
    let watch = Watch()
    let model = try Self.mirror(.keras("2.2.4"), [.metric(AUC())])
    let history = try Self.fit(model, watch)
    #expect(history["auc"].map(Float.init) == [0.6, 0.6])
    #expect(history["val_auc"].map(Float.init) == [0.6, 0.6])
    #expect(watch.logs.map { $0["auc"] } == [1, 0, 1, 0])
    #expect(try Float(model.evaluate(Self.samples, batchSize: 3)["auc"] ?? 0) == 0.6)
  }

  /// Of 2·3 pairs of a positive and a negative 4 are in order: 4/6, whatever the batches.
  @Test(arguments: [
    (Semantics.keras("2.3.1"), "auc_1"), (.tfKeras("2.15.0"), "auc"), (.keras("3.15.1"), "auc"),
    (.strata, "auc"),
  ])
  func anAreaIsOfTheWholeEpochSince23(_ semantics: Semantics, _ key: String) throws {
    let watch = Watch()
    let model = try Self.mirror(semantics, [.metric(AUC())])
    let history = try Self.fit(model, watch)
    let area = 2.0 / 3
    for values in [history[key], history["val_\(key)"]] {
      #expect(values.count == 2 && values.allSatisfy { abs($0 - area) < 1e-6 }, "\(values)")
    }
    // Every epoch starts anew; the last batch reports what the epoch does.
    let logged = watch.logs.map { $0[key] ?? .nan }
    #expect(logged[0] == 1 && logged[2] == 1 && abs(logged[1] - area) < 1e-6)
    for size in [1, 3, 5] {
      let value = try model.evaluate(Self.samples, batchSize: size)[key] ?? .nan
      #expect(abs(value - area) < 1e-6, "\(size)")
    }
  }

  /// 2.3.1 logs the loss of the batch beside the metric's result so far; tf.keras both so far.
  @Test func logsOfBatches() throws {
    func logged(_ semantics: Semantics) throws -> [[Double?]] {
      let watch = Watch()
      _ = try Self.fit(try Self.mirror(semantics, [.metric(BinaryAccuracy())]), watch)
      return watch.logs.prefix(2).map { logs in
        ["loss", "binary_accuracy", "batch", "size"].map { key in
          logs[key].map { ($0 * 1e6).rounded() / 1e6 }
        }
      }
    }
    #expect(
      try logged(.keras("2.2.4")) == [[0.136667, 0.666667, 0, 3], [0.565, 0, 1, 2]])
    #expect(
      try logged(.keras("2.3.1")) == [[0.136667, 0.666667, 0, 3], [0.565, 0.4, 1, 2]])
    #expect(
      try logged(.tfKeras("2.15.0"))
        == [[0.136667, 0.666667, nil, nil], [0.308, 0.4, nil, nil]])
  }

  /// The loss of an epoch counts batches by their samples.
  @Test(arguments: [Semantics.keras("2.2.4"), .keras("2.3.1"), .keras("3.15.1")])
  func theLossIsThatOfTheSamples(_ semantics: Semantics) throws {
    let history = try Self.fit(try Self.mirror(semantics, []), Watch())
    #expect(history["loss"].allSatisfy { abs($0 - 0.308) < 1e-6 })
    #expect(history["val_loss"].allSatisfy { abs($0 - 0.308) < 1e-6 })
  }

  /// In 2.3 every batch counts the same in the loss of one output; before and since by its samples.
  @Test(arguments: [
    (Semantics.keras("2.2.4"), 0.308), (.keras("2.3.1"), 0.350833), (.tfKeras("2.15.0"), 0.308),
  ])
  func theLossOfAnOutput(_ semantics: Semantics, _ expected: Double) throws {
    let graph = GraphBuilder()
    let input = graph.input([1])
    let model = try Model(
      graph.architecture(outputs: [
        graph.node(Dense(units: 1))(input), graph.node(Dense(units: 1))(input),
      ]),
      semantics: semantics, seed: 1)
    let unit = [Tensor([1], shape: [1, 1]), Tensor([0], shape: [1])]
    try model.setWeights(unit + unit)
    try model.compile(optimizer: Optimizer(SGD(learningRate: 0)), losses: [MeanSquaredError()])
    let samples = Self.samples
    let both = Dataset(
      inputs: samples.inputs, targets: [samples.targets[0], samples.targets[0]])
    let logs = try model.evaluate(both, batchSize: 3)
    let key = try #require(logs.keys.first { $0 != "loss" })
    #expect(abs((logs[key] ?? .nan) - expected) < 1e-6, "\(key)")
  }

  /// Thresholds, `topK` and the like are those of the object.
  @Test func objectsKeepTheirSettings() throws {
    let model = try Self.mirror(
      .strata, [.metric(Precision(thresholds: [0.7])), .metric(TruePositives(thresholds: [0.85]))])
    let logs = try model.evaluate(Self.samples, batchSize: 2)
    #expect(logs["precision"] == 0.5)
    #expect(logs["true_positives"] == 1)
  }

  /// A name is a key since 2.3.0; AUC goes by the names of tf.keras and Keras 3.
  @Test func metricsByName() throws {
    let names = try ["accuracy", "mse", "auc", "AUC"].map { try MetricChoice.named($0) }
    #expect(
      try Self.mirror(.keras("3.15.1"), names).logKeys == ["loss", "accuracy", "mse", "auc", "AUC"])
    #expect(
      try Self.mirror(.keras("2.2.4"), Array(names.prefix(2))).logKeys
        == ["loss", "acc", "mean_squared_error"])
    #expect(throws: UnknownNameError.self) { try MetricChoice.named("ucas") }
  }

  /// A plain list of objects is enough; in 2.3.1 objects are counted.
  @Test func listsOfObjects() throws {
    let model = try Model(
      Sequential(input: [1]) { Dense(units: 1) }, semantics: .keras("2.3.1"), seed: 1)
    try model.compile(
      optimizer: SGD(), loss: MeanSquaredError(), metrics: [AUC(), AUC(), Recall()])
    #expect(model.logKeys == ["loss", "auc_1", "auc_2", "recall_1"])
  }

  // MARK: Weights

  /// Weights [1, 2, 3, 4, 5] of which the right decisions have 1 and 2: plain metrics take no notice.
  @Test func weightedMetrics() throws {
    let choices = [MetricChoice.metric(BinaryAccuracy())]
    let weights = Tensor([1, 2, 3, 4, 5], shape: [5])
    let data = Dataset(Self.samples.inputs[0], Self.samples.targets[0], weights: weights)
    let keys = ["2.2.4": "weighted_", "2.3.1": "", "3.15.1": "weighted_"]
    for (version, prefix) in keys {
      let semantics = Semantics.keras(try #require(Version(parsing: version)))
      let model = try Self.mirror(semantics, choices, weighted: choices)
      let logs = try model.evaluate(data, batchSize: 5)
      let key = prefix + "binary_accuracy" + (prefix.isEmpty ? "_1" : "")
      #expect(model.logKeys == ["loss", "binary_accuracy", key])
      #expect(Float(logs["binary_accuracy"] ?? .nan) == 0.4)
      // Before 2.3 the mean of w·v; since, Σ w·v / Σ w.
      let expected: Float = version == "2.2.4" ? 0.6 : 0.2
      #expect(abs(Float(logs[key] ?? .nan) - expected) < 1e-6, "\(version)")
    }
    #expect(throws: CompileError.self) {
      try Self.mirror(.keras("1.2.2"), [], weighted: choices)
    }
  }

  @Test func weightedMetricsAreKeptInRecords() throws {
    let model = try Self.mirror(
      .strata, [try .named("mse")], weighted: [.metric(AUC(numThresholds: 7))])
    let definition = try #require(model.compileDefinition)
    let data = try JSONEncoder().encode(definition)
    let again = try JSONDecoder().decode(CompileDefinition.self, from: data)
    let other = try Model(Sequential(input: [1]) { Dense(units: 1) }, seed: 1)
    try other.compile(again)
    #expect(other.logKeys == ["loss", "mse", "auc"])
    guard case .metric(let metric) = again.weightedMetrics[0] else {
      Issue.record("not an object")
      return
    }
    #expect((metric as? AUC)?.numThresholds == 7)
  }
}
