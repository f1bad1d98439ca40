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

/// What the real releases were measured to do, reproduced.
@Suite struct AdamQuestionTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  private static func digits() throws -> (training: Dataset, validation: Dataset) {
    let root = try HDF5File.open(fixtures.appending(path: "digits.h5").path).root
    let x = try root.dataset("x").read(as: Float.self).map { $0 / 16 }
    let labels = try root.dataset("y").read(as: Int32.self)
    var y = [Float](repeating: 0, count: labels.count * 10)
    for (row, label) in labels.enumerated() { y[row * 10 + Int(label)] = 1 }
    let all = Dataset(
      Tensor(x, shape: [labels.count, 64]), Tensor(y, shape: [labels.count, 10]))
    return (all.slice(0..<1500), all.slice(1500..<labels.count))
  }

  /// A Dense MLP of 128 and 64 units, Adam, seed 1, 30 epochs: by release and batch size the last
  /// loss, the last val_loss, its least value and when (from epoch 0).
  @Test(
    arguments: [
      ("0.3.3", nil, 0.03894, 0.3464, 0.3305, 26), ("1.2.0", 128, 0.03894, 0.3464, 0.3305, 26),
      ("1.2.0", nil, 0.00726, 0.3417, 0.3073, 20), ("0.3.3", 32, 0.00726, 0.3417, 0.3073, 20),
    ] as [(Version, Int?, Double, Double, Double, Int)])
  func batchSizeMakesTheDifference(
    _ release: Version, _ batchSize: Int?, _ loss: Double, _ validation: Double, _ least: Double,
    _ epoch: Int
  ) throws {
    let definition = Sequential(input: [64]) {
      Dense(units: 128, activation: .relu)
      Dense(units: 64, activation: .relu)
      Dense(units: 10, activation: .softmax)
    }
    let model = try Model(definition, semantics: .keras(release), seed: 1)
    try model.compile(optimizer: Adam(), loss: CategoricalCrossentropy())
    let data = try Self.digits()
    let history = try model.fit(
      data.training.inputs[0], data.training.targets[0], batchSize: batchSize, epochs: 30,
      verbosity: .silent, validationData: data.validation)
    let values = history["val_loss"]
    let minimum = try #require(values.min())
    print("\(release) \(batchSize ?? 0): \(history["loss"][29]) \(values[29]) \(minimum)")
    #expect(abs(history["loss"][29] - loss) < 2e-5)
    #expect(abs(values[29] - validation) < 2e-4)
    #expect(abs(minimum - least) < 2e-4)
    #expect(values.firstIndex(of: minimum) == epoch)
  }

  /// Penalties are in the validation loss of 1.2.0, and nothing else differs.
  @Test func penaltiesMakeTheDifferenceOfTheValidationLoss() throws {
    let file = try HDF5File.open(Self.fixtures.appending(path: "question/mlp_reg_adam.h5").path)
    let run = try Self.regularized(file)
    var attributor = Attributor(run, to: .keras("1.2.0"))
    attributor.metrics = [.last("val_loss"), .last("loss")]
    let result = try attributor.attribute()
    #expect(!result.drawsWeights)
    #expect(result.rows.map(\.change.unit.setting) == ["loss.penaltiesInValidation"])
    for (index, release) in ["keras-0.3.3", "keras-1.2.0"].enumerated() {
      let recorded = try file.root.dataset("\(release)/val_loss").read(as: Double.self)
      let ours = try #require(result.histories[index]["val_loss"])
      for (a, b) in zip(ours, recorded) { #expect(abs(a - b) < 2e-4 * b, "\(release)") }
    }
    #expect(abs(result.values[0].from - 0.42988) < 1e-4)
    #expect(abs(result.values[0].to - 0.58506) < 1e-4)
    #expect(result.total[1].isExactlyZero)
    #expect(result.isComplete)
    #expect(result.rule.movesNothing)
  }

  private static func regularized(_ file: HDF5File) throws -> RunFile {
    let penalty = Regularizer(l2: 1e-3)
    let limit = Constraint.maxNorm(1, axis: 0)
    let definition = Sequential(input: [64]) {
      Dense(units: 128, activation: .relu, kernelRegularizer: penalty, kernelConstraint: limit)
      Dense(units: 64, activation: .relu, kernelRegularizer: penalty, kernelConstraint: limit)
      Dense(units: 10, activation: .softmax, kernelRegularizer: penalty)
    }
    let model = try Model(definition, semantics: .keras("0.3.3"), seed: 1)
    for index in model.weights.indices {
      let dataset = try file.root.dataset("initial/0\(index)")
      let value = Tensor(try dataset.read(as: Float.self), shape: Shape(dataset.shape))
      try model.setWeight(model.weights[index].path, to: value)
    }
    try model.compile(optimizer: Adam(), loss: CategoricalCrossentropy())
    var options = FitOptions()
    options.batchSize = 32
    options.epochs = 8
    options.shuffle = .none
    options.verbosity = .silent
    let data = try digits()
    options.validationData = data.validation
    return try #require(try model.record(data.training, options, includesData: true).1)
  }
}
