import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Metrics of outputs with a mask, with and without weights.
///
/// The numbers are those of real Keras 1.2.2, 2.2.4, 2.3.1 (Theano) and 3.15.1 (JAX), which refuses
/// weights [2] for masks [2, 3]; those of 3.0.5 follow from its source.
@Suite struct MaskedMetricTests {
  /// Two sequences of 2 and 1 steps, padded to 3; the first step of each is right.
  private static let samples = Dataset(
    Tensor([0.9, 0.2, 0, 0.8, 0, 0], shape: [2, 3, 1]), Tensor.full([2, 3, 1], 1))

  private static func mirror(_ semantics: Semantics) throws -> Model {
    let model = try Model(
      Sequential(input: [3, 1]) {
        Masking()
        TimeDistributed(layer: Dense(units: 1))
      }, semantics: semantics, seed: 1)
    try model.setWeights([Tensor([1], shape: [1, 1]), Tensor([0], shape: [1])])
    let choices = [MetricChoice.metric(BinaryAccuracy())]
    try model.compile(
      optimizer: SGD(learningRate: 0), loss: MeanSquaredError(), metrics: choices,
      weightedMetrics: semantics.position(for: "") < "2.0.7" ? [] : choices)
    return model
  }

  /// Accuracy and weighted accuracy in batches of 1 and of 2, without weights and with [1, 3].
  private static let recorded: [(Semantics, [Double])] = [
    (.keras("1.2.2"), [1.0 / 3, 1.0 / 3]),
    (.keras("2.2.4"), [0.75, 0.75, 0.75, 1.75, 2.0 / 3, 2.0 / 3, 2.0 / 3, 4.0 / 3]),
    (.keras("2.3.1"), [2.0 / 3, 2.0 / 3, 2.0 / 3, 0.8, 2.0 / 3, 2.0 / 3, 2.0 / 3, 0.8]),
    (.keras("3.0.5"), [1.0 / 3, 1.0 / 3, 1.0 / 3, 0.8, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0.8]),
    (.keras("3.15.1"), [2.0 / 3, 2.0 / 3, 2.0 / 3, 0.8, 2.0 / 3, 2.0 / 3, 2.0 / 3, 0.8]),
  ]

  @Test func masksCountAsInTheRelease() throws {
    for (semantics, expected) in Self.recorded {
      let model = try Self.mirror(semantics)
      var found: [Double] = []
      for size in [1, 2] {
        for weights in [nil, Tensor([1, 3], shape: [2])] {
          var data = Self.samples
          data.weights = [weights]
          let logs = try model.evaluate(data, batchSize: size)
          if semantics.version < "2.0.0", weights != nil { continue }
          found += logs.keys.dropFirst().map { logs[$0] ?? .nan }
        }
      }
      #expect(found.count == expected.count, "\(semantics)")
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(semantics) \(found)")
    }
  }

  /// Embedding, LSTM, TimeDistributed(Dense): steps of the number 0 do not count.
  @Test func maskedStepsOfAnEmbedding() throws {
    let model = try Model(
      Sequential(input: [4]) {
        Embedding(inputDim: 5, outputDim: 3, maskZero: true)
        LSTM(units: 4, returnSequences: true)
        TimeDistributed(layer: Dense(units: 2, activation: .softmax))
      }, semantics: .tfKeras("2.15.0"), seed: 3)
    try model.compile(
      optimizer: SGD(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    let numbers: [Float] = [1, 2, 0, 0, 3, 4, 1, 0, 2, 0, 0, 0]
    let x = Tensor(numbers, shape: [3, 4])
    let y = Tensor((0..<12).flatMap { $0 % 2 == 0 ? [Float(1), 0] : [0, 1] }, shape: [3, 4, 2])
    let predictions = try model.predict(x).floats()
    let steps = numbers.indices.filter { numbers[$0] != 0 }
    let hits = steps.count { step in
      (predictions[2 * step] >= predictions[2 * step + 1]) == (step % 2 == 0)
    }
    let found = try model.evaluate(Dataset(x, y), batchSize: 2)["accuracy"] ?? .nan
    #expect(abs(found - Double(hits) / Double(steps.count)) < 1e-6)
  }
}
