import Strata

/// A training workload of the benchmark: data, model, optimizer, and the loss that shows it is right.
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
  var architecture: Architecture
  /// The mean loss of the first epoch, from the specification, and how far others lie from it.
  var firstEpochLoss: Double
  var tolerance = 1e-3
  /// Products and convolutions of a training step, 2 operations per multiply-add.
  var gigaflops: Double

  static func named(_ name: some StringProtocol) -> Workload? { all.first { $0.name == name } }

  /// The compiled model with the specification's weights.
  func model() throws -> Model {
    let model = try Model(architecture, semantics: .strata, seed: 1)
    try Deterministic.initialize(model)
    switch data {
    case .regression: try model.compile(optimizer: optimizer, loss: MeanSquaredError())
    case .classification, .tokens:
      try model.compile(
        optimizer: optimizer, loss: SparseCategoricalCrossentropy(fromLogits: true))
    }
    return model
  }

  /// The first samples, an epoch of them by default.
  func dataset(_ samples: Int? = nil) -> Dataset {
    let count = samples ?? batch * stepsPerEpoch
    func labelled(_ samples: (x: Tensor, labels: [Int32])) -> Dataset {
      Dataset(samples.x, Tensor(samples.labels, shape: [count, 1]))
    }
    switch data {
    case .classification(let shape, let classes):
      return labelled(Deterministic.classification(count, shape, classes: classes))
    case .tokens(let length, _): return labelled(Deterministic.tokens(count, length: length))
    case .regression(let shape):
      let (x, y) = Deterministic.regression(count, shape)
      return Dataset(x, y)
    }
  }
}
