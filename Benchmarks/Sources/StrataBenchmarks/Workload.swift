import Strata

/// A training workload of the benchmark's specification.
struct Workload {
  enum Data {
    case classification(Shape, classes: Int)
    case regression(Shape)
    case tokens(length: Int, classes: Int)
  }
  var name: String
  var batch: Int
  var stepsPerEpoch: Int
  var data: Data
  var optimizer: any OptimizerRule
  var layers: [any Layer]
  /// The mean loss of the first epoch, from the specification, and how far others lie from it.
  var firstEpochLoss: Double
  var tolerance = 1e-3

  var input: Shape {
    switch data {
    case .classification(let shape, _), .regression(let shape): shape
    case .tokens(let length, _): [length]
    }
  }

  static let sgd = SGD(learningRate: 1e-2, momentum: 0.9)

  static let all = [
    Workload(
      name: "mlp-tiny", batch: 32, stepsPerEpoch: 256,
      data: .classification([64], classes: 10), optimizer: Adam(),
      layers: [Dense(units: 32, activation: .relu), Dense(units: 10)], firstEpochLoss: 0.83185),
    Workload(
      name: "mlp-mnist", batch: 128, stepsPerEpoch: 32,
      data: .classification([784], classes: 10), optimizer: Adam(),
      layers: [
        Dense(units: 512, activation: .relu), Dropout(rate: 0.2),
        Dense(units: 512, activation: .relu), Dropout(rate: 0.2), Dense(units: 10),
      ], firstEpochLoss: 0.192, tolerance: 2e-2),
    Workload(
      name: "mlp-wide", batch: 256, stepsPerEpoch: 8,
      data: .classification([2048], classes: 1000), optimizer: sgd,
      layers: [
        Dense(units: 2048, activation: .relu), Dense(units: 2048, activation: .relu),
        Dense(units: 1000),
      ], firstEpochLoss: 6.92152),
    Workload(
      name: "lstm-small", batch: 64, stepsPerEpoch: 16, data: .regression([50, 32]),
      optimizer: RMSprop(), layers: [LSTM(units: 128), Dense(units: 1)],
      firstEpochLoss: 0.018453),
    Workload(
      name: "lstm-text", batch: 64, stepsPerEpoch: 4, data: .tokens(length: 80, classes: 5000),
      optimizer: Adam(),
      layers: [
        Embedding(inputDim: 5000, outputDim: 128), LSTM(units: 256), Dense(units: 5000),
      ], firstEpochLoss: 8.51477),
  ]

  /// The compiled model with the specification's weights, and an epoch of samples.
  func prepare() throws -> (Model, Dataset) {
    let model = try Model(
      Sequential(input: input) { layers }, semantics: .strata, seed: 1)
    try Deterministic.initialize(model)
    let count = batch * stepsPerEpoch
    switch data {
    case .classification(let shape, let classes):
      let (x, labels) = Deterministic.classification(count, shape, classes: classes)
      try compileForClasses(model)
      return (model, Dataset(x, Tensor(labels, shape: [count, 1])))
    case .tokens(let length, _):
      let (x, labels) = Deterministic.tokens(count, length: length)
      try compileForClasses(model)
      return (model, Dataset(x, Tensor(labels, shape: [count, 1])))
    case .regression(let shape):
      let (x, y) = Deterministic.regression(count, shape)
      try model.compile(optimizer: optimizer, loss: MeanSquaredError())
      return (model, Dataset(x, y))
    }
  }

  private func compileForClasses(_ model: Model) throws {
    try model.compile(
      optimizer: optimizer, loss: SparseCategoricalCrossentropy(fromLogits: true))
  }
}
