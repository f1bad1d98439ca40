import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@Suite struct StatisticsTests {
  static let x: [[Double]] = [[1, 2, -1], [0, 4, 3], [2, 2, 2], [5, -3, 0]]

  private func model(_ semantics: Semantics) throws -> Model {
    let model = try Model(
      Sequential(input: [3]) {
        BatchNormalization()
        Dense(units: 1)
      }, semantics: semantics, seed: 1)
    try model.compile(optimizer: SGD(), loss: MeanSquaredError())
    return model
  }

  private var data: Dataset {
    Dataset(
      Tensor(Self.x.flatMap { $0.map { Float($0) } }, shape: [4, 3]),
      Tensor([1, 0, 1, 0], shape: [4]))
  }

  private func statistics(_ model: Model) throws -> [[Float]] {
    try model.weights.filter { $0.path.contains("moving") }.map { try $0.value.floats() }
  }

  /// Keras 0.3.3 keeps a deviation, `√(mean((x − m)² + ε))`, with momentum 0.9 and ε = 1e-6; 1.2.0
  /// on Theano 0.9 a variance with ε added, momentum 0.99 and ε = 1e-3.
  @Test(arguments: ["0.3.3", "1.2.0"])
  func trainingUpdatesStatistics(release: String) throws {
    let isOld = release == "0.3.3"
    let model = try model(.keras(#require(Version(parsing: release))))
    try model.trainOnBatch(data)
    let found = try statistics(model)
    let momentum = isOld ? 0.9 : 0.99
    for feature in 0..<3 {
      let column = Self.x.map { $0[feature] }
      let mean = column.reduce(0, +) / 4
      let variance = column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4
      let statistic = isOld ? (variance + 1e-6).squareRoot() : variance + 1e-3
      #expect(abs(Double(found[0][feature]) - (1 - momentum) * mean) < 1e-6)
      #expect(abs(Double(found[1][feature]) - (momentum + (1 - momentum) * statistic)) < 1e-6)
    }
  }

  @Test(arguments: ["0.3.3", "1.2.0"])
  func onlyTrainingUpdatesStatistics(release: String) throws {
    let model = try model(.keras(#require(Version(parsing: release))))
    let before = try statistics(model)
    _ = try model.testOnBatch(data)
    _ = try model.evaluate(data)
    _ = try model.predictAll(data.inputs)
    #expect(try statistics(model) == before)
  }
}

/// The loss of masked scores before Keras 2.3: `mean over batch and time of score·m / mean(m)`.
@Suite struct MaskedLossTests {
  private func masked() throws -> Model {
    let model = try Model(
      Sequential(input: [3, 2]) { Masking() }, semantics: .keras("1.2.0"), seed: 1)
    try model.compile(optimizer: SGD(), loss: MeanSquaredError())
    return model
  }
  /// Three steps of which the first sample has two and the second one.
  private let x = Tensor([1, 2, 3, 4, 0, 0, 5, 6, 0, 0, 0, 0], shape: [2, 3, 2])

  @Test func masksDivideByTheirMean() throws {
    let data = Dataset(x, .zeros([2, 3, 2]))
    // Scores 2.5, 12.5, 30.5 of the steps that count; the mean of the mask is a half.
    let expected: Float = (2.5 + 12.5 + 30.5) / 0.5 / 6
    #expect(try abs(masked().testOnBatch(data)[0].value - expected) < 1e-5)
  }

  /// With weights of time steps: `mean(w·score·m / mean m) / mean(w ≠ 0)`.
  @Test func weightsOfTimeSteps() throws {
    let weights = Tensor([2, 0, 1, 1, 1, 1], shape: [2, 3])
    let data = Dataset(x, .zeros([2, 3, 2]), weights: weights)
    let expected: Float = (2 * 2.5 + 30.5) / 0.5 / 6 / (5.0 / 6)
    #expect(try abs(masked().testOnBatch(data)[0].value - expected) < 1e-5)
  }

  @Test func weightsOfSamples() throws {
    let data = Dataset(x, .zeros([2, 3, 2]), weights: Tensor([3, 0], shape: [2]))
    let expected: Float = 3 * (2.5 + 12.5) / 3 / 0.5 / 2 / 0.5
    #expect(try abs(masked().testOnBatch(data)[0].value - expected) < 1e-5)
  }
}
