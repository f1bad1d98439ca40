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

/// One known change is planted; it must come out first.
@Suite struct AttributeTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  /// Some of the digits, grey values times `scale`.
  private static func digits(_ range: Range<Int>, scale: Float = 1) throws -> Dataset {
    let root = try HDF5File.open(fixtures.appending(path: "digits.h5").path).root
    let x = try root.dataset("x").read(as: Float.self)[
      (range.lowerBound * 64)..<(range.upperBound * 64)]
    let labels = try root.dataset("y").read(as: Int32.self)[range]
    var y = [Float](repeating: 0, count: labels.count * 10)
    for (row, label) in labels.enumerated() { y[row * 10 + Int(label)] = 1 }
    return Dataset(
      Tensor(x.map { $0 / 16 * scale }, shape: [range.count, 64]),
      Tensor(y, shape: [range.count, 10]))
  }

  private static func record(
    _ release: Version, _ rule: any OptimizerRule, epochs: Int? = 4, batchSize: Int? = 32,
    scale: Float = 1, _ layers: [any Layer]
  ) throws -> RunFile {
    var definition = Sequential(input: [64])
    for layer in layers { definition.add(layer) }
    definition.add(Dense(units: 10, activation: .softmax))
    let model = try Model(definition, semantics: .keras(release), seed: 11)
    try model.compile(optimizer: rule, loss: CategoricalCrossentropy(), metrics: [.accuracy])
    var options = FitOptions()
    options.epochs = epochs
    options.batchSize = batchSize
    options.verbosity = .silent
    options.validationData = try digits(400..<500, scale: scale)
    let run = try model.record(
      try digits(0..<400, scale: scale), options, includesData: true
    ).1
    return try #require(run)
  }

  private static func attribute(
    _ run: RunFile, to release: Version, _ metrics: [String], seeds: Int = 1
  ) throws -> Attribution {
    var attributor = Attributor(run, to: .keras(release))
    attributor.metrics = metrics.map(AttributedMetric.init(parsing:))
    attributor.seeds = seeds
    return try attributor.attribute()
  }

  /// Inputs of a variance near epsilon: 1e-5 in 1.0.8, 1e-3 in 1.2.0.
  @Test func namesTheEpsilonOfBatchNormalization() throws {
    let run = try Self.record(
      "1.0.8", Adam(), scale: 0.02,
      [BatchNormalization(), Dense(units: 24, activation: .relu)])
    let result = try Self.attribute(run, to: "1.2.0", ["loss"])
    #expect(result.rows.first?.change.unit.setting == "batchNormalization.epsilon")
    #expect(result.isComplete)
  }

  @Test func namesThePlaceOfEpsilonInRMSprop() throws {
    let penalty = Dense(
      units: 24, activation: .relu, kernelRegularizer: Regularizer(l2: 1e-4))
    let run = try Self.record("0.3.3", RMSprop(learningRate: 0.003), scale: 0.05, [penalty])
    let result = try Self.attribute(run, to: "1.2.0", ["loss"])
    #expect(result.rows.first?.change.unit.setting == "rmsprop.epsilonPlace")
    let penalties = result.rows.first { $0.change.unit.setting == "loss.penaltiesInValidation" }
    #expect(penalties?.putIn[0].isExactlyZero == true)
    #expect(penalties?.movesNothing == false)
    #expect(result.isComplete)
  }

  @Test func namesTheBatchSize() throws {
    let run = try Self.record(
      "0.3.3", Adam(), batchSize: nil, [Dense(units: 24, activation: .relu), Dropout(rate: 0.1)])
    let result = try Self.attribute(run, to: "1.2.0", ["loss", "val_loss"], seeds: 2)
    let first = try #require(result.rows.first)
    #expect(first.change.unit.setting == "fit.batchSize")
    #expect(first.isClear(0) == true)
    #expect(result.seeds == [11, 12])
    #expect(result.isComplete)
    #expect(result.rule.movesNothing)
    #expect(result.rule.name == "adam")
    // Alone both ways, and the residual, add up.
    let parts = result.rows.map { $0.putIn[0].mean }.reduce(result.unexplained[0].mean, +)
    #expect(abs(parts - result.total[0].mean) < 1e-12)
  }

  @Test func saysThatNothingChanged() throws {
    let run = try Self.record("0.3.3", Adam(), [Dense(units: 24, activation: .relu)])
    let result = try Self.attribute(run, to: "1.2.0", [])
    #expect(result.isEmpty)
    #expect(result.total.allSatisfy { $0.isExactlyZero })
    #expect(result.isComplete)
    #expect(result.rule.movesNothing)
  }

  /// Two releases of Adam that group the same factors otherwise: small, and not zero.
  @Test func roundingIsNotCalledZero() throws {
    let run = try Self.record("1.2.0", Adam(), [Dense(units: 24, activation: .relu)])
    let result = try Self.attribute(run, to: "1.2.2", ["loss"])
    #expect(result.rows.map(\.change.unit.setting) == ["adam.form"])
    #expect(!result.rule.movesNothing)
    #expect(result.isComplete)
  }

  @Test func initialDrawsArePartOfIt() throws {
    let run = try Self.record(
      "1.2.0", SGD(), [Dense(units: 24, kernelInitializer: .glorotNormal)])
    let result = try Self.attribute(run, to: "2.0.9", ["val_loss"])
    let row = result.rows.first { $0.change.unit.setting == "initializer.scaledNormal" }
    #expect(row?.movesNothing == false)
    #expect(result.isComplete)
  }

  @Test func intervalsAreStudents() {
    let effect = MeasuredEffect([1, 2, 3, 4, 5])
    #expect(effect.mean == 3)
    #expect(abs((effect.halfWidth ?? 0) - 2.776 * (2.5 / 5).squareRoot()) < 1e-12)
    #expect(effect.isClear == true)
    #expect(MeasuredEffect([0.5]).halfWidth == nil)
    #expect(MeasuredEffect([0, 0]).isExactlyZero)
  }

  @Test func metricsFromTheirNames() {
    let history = ["loss": [3.0, 1], "val_loss": [2.0, 4], "val_acc": [0.5, 0.4]]
    let values = ["val_loss", "best val_loss", "best:val_acc", "gap", "val_accuracy", "none"].map {
      AttributedMetric(parsing: $0).value(of: history)
    }
    #expect(values == [4, 2, 0.5, 3, 0.4, nil])
  }
}
