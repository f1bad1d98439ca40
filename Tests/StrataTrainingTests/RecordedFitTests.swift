import StrataCallbacks
import StrataCore
import StrataHDF5
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Trainings recorded from real Keras, from the same weights, unshuffled.
@Suite struct RecordedFitTests {
  struct Run: Sendable, CustomTestStringConvertible {
    var file: String
    var semantics: Semantics
    var architecture: Sequential
    var optimizer: Optimizer
    /// The file that holds the initial weights, if not the run's own.
    var initial: String?
    /// The weights in the order of the file, if it is not the model's.
    var order: [String]?
    var testDescription: String { file }
  }

  static let mlp = Sequential(input: [64]) {
    Dense(units: 128, activation: .relu)
    Dense(units: 64, activation: .relu)
    Dense(units: 10, activation: .softmax)
  }
  static let normalized = Sequential(input: [64]) {
    Dense(units: 128)
    BatchNormalization()
    ActivationLayer(activation: .relu)
    Dense(units: 64)
    BatchNormalization()
    ActivationLayer(activation: .relu)
    Dense(units: 10, activation: .softmax)
  }
  static let recurrent = Sequential(input: [8, 8]) {
    LSTM(units: 24)
    Dense(units: 10, activation: .softmax)
  }
  static let nesterov = Optimizer(
    SGD(learningRate: 0.05, momentum: 0.9, nesterov: true), decay: 1e-3)

  static let runs = [
    Run(
      file: "keras-1.2.0-mlp_adam", semantics: .keras("1.2.0"), architecture: mlp,
      optimizer: Optimizer(Adam())),
    Run(
      file: "keras-0.3.3-mlp_bn_sgd", semantics: .keras("0.3.3"), architecture: normalized,
      optimizer: nesterov, initial: "keras-1.2.0-mlp_bn_adam"),
    Run(
      file: "keras-1.2.0-mlp_bn_sgd", semantics: .keras("1.2.0"), architecture: normalized,
      optimizer: nesterov, initial: "keras-1.2.0-mlp_bn_adam"),
    Run(
      file: "keras-0.3.3-lstm_sgd", semantics: .keras("0.3.3"), architecture: recurrent,
      optimizer: nesterov,
      order: ["i", "c", "f", "o"].flatMap { gate in
        ["kernel", "recurrent_kernel", "bias"].map { "lstm_1/\($0)_\(gate)" }
      } + ["dense_1/kernel", "dense_1/bias"]),
  ]

  @Test(arguments: runs)
  func followsTheRecordedLosses(_ run: Run) throws {
    let file = try HDF5File.open(Fixtures.path("fit/\(run.file).h5"))
    let initial = try HDF5File.open(Fixtures.path("fit/\(run.initial ?? run.file).h5"))
    let model = try Model(run.architecture, semantics: run.semantics, seed: 1)
    for (index, path) in (run.order ?? model.weights.map(\.path)).enumerated() {
      let number = index < 10 ? "0\(index)" : "\(index)"
      try model.setWeight(path, to: try Fixtures.tensor(initial, "initial/\(number)"))
    }
    try model.compile(optimizer: run.optimizer, losses: [CategoricalCrossentropy()])
    let digits = try Fixtures.digits(run.architecture.architecture.inputs[0].shape)
    let recorded = try file.root.dataset("batch/loss").read(as: Float.self)
    var worst: Float = 0
    for (batch, start) in stride(from: 0, to: 1500, by: 32).enumerated() {
      let loss = try model.trainOnBatch(digits.slice(start..<min(start + 32, 1500)))[0].value
      worst = max(worst, abs(loss - recorded[batch]) / recorded[batch])
    }
    print("\(run.file): first epoch, largest relative error \(worst)")
    #expect(worst < 1e-5)
  }
}
