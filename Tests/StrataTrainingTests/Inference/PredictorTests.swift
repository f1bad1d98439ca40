import Foundation
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// A predictor gives what `predict` gives, from any thread, and stays as it was made.
@Suite struct PredictorTests {
  private static func model(_ kind: String) throws -> Model {
    let architecture =
      switch kind {
      case "convolution":
        Sequential(input: [8, 7, 3]) {
          Conv2D(filters: 5, kernelSize: [3, 3], activation: .relu)
          BatchNormalization()
          MaxPooling2D()
          Flatten()
          Dense(units: 4, activation: .softmax)
        }
      case "recurrent":
        Sequential(input: [6, 5]) {
          LSTM(units: 11)
          Dropout(rate: 0.5)
          Dense(units: 2)
        }
      default:
        Sequential(input: [9]) {
          Dense(units: 33, activation: .tanh)
          Dense(units: 3)
        }
      }
    return try Model(architecture, semantics: .strata, seed: 3)
  }

  private static func samples(_ count: Int, _ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var random = Philox(seed: seed, name: "samples")
    return Tensor(random.normal(count: count * shape.count), shape: shape.batched(count))
  }

  private static func bits(_ tensor: Tensor) throws -> [UInt32] {
    try tensor.floats().map(\.bitPattern)
  }

  @Test(arguments: ["dense", "convolution", "recurrent"], [1, 4, 5, 11])
  func hasTheBitsOfPredict(_ kind: String, _ count: Int) throws {
    let model = try Self.model(kind)
    let x = Self.samples(count, model.architecture.inputs[0].shape)
    let expected = try Self.bits(model.predict(x, batchSize: 3))
    // Pieces of four, the last one smaller.
    let predictor = try model.predictor(batchSize: 4)
    #expect(try Self.bits(predictor.predict(x)) == expected)
    #expect(try Self.bits(predictor.predictAll([x])[0]) == expected)
  }

  @Test(arguments: ["dense", "convolution", "recurrent"])
  func fourThreadsGetTheirOwnResults(_ kind: String) throws {
    let model = try Self.model(kind)
    let shape = model.architecture.inputs[0].shape
    let inputs = (0..<8).map { Self.samples($0 % 3 + 1, shape, seed: UInt64($0)) }
    let expected = try inputs.map { try Self.bits(model.predict($0)) }
    let predictor = try model.predictor()
    let differences = Differences()
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for round in 0..<200 {
        let index = (round + thread) % inputs.count
        let y = try? Self.bits(predictor.predict(inputs[index]))
        if y != expected[index] { differences.add() }
      }
    }
    #expect(differences.count == 0)
  }

  @Test func furtherTrainingDoesNotReachIt() throws {
    let model = try Small.model()
    let data = Small.data(8)
    let predictor = try model.predictor()
    let before = try Self.bits(predictor.predict(data.inputs[0]))
    try model.fit(data, Small.options(epochs: 2))
    #expect(try Self.bits(predictor.predict(data.inputs[0])) == before)
    #expect(try Self.bits(model.predictor().predict(data.inputs[0])) != before)
  }

  @Test func refusesWhatDoesNotFit() throws {
    let predictor = try Small.model().predictor()
    #expect(
      message { _ = try predictor.predict(.zeros([2, 3])) }
        == "input_1: expected samples of shape [2], but got an array of shape [2, 3].")
    #expect(
      message { _ = try predictor.predictAll([]) } == "model: expected 1 inputs, but got 0.")
    #expect(
      message { _ = try Small.model().predictor(batchSize: 0) }
        == "batchSize: expected a positive number, but got 0.")
    #expect(try predictor.predict(.zeros([0, 2])).shape == [0, 3])
  }

  @Test func severalInputsAndOutputs() throws {
    let graph = GraphBuilder()
    let (left, right) = (graph.input([3]), graph.input([4]))
    let merged = graph.node(Concatenate())(left, right)
    let outputs = [2, 5].map { graph.node(Dense(units: $0))(merged) }
    let model = try Model(graph.architecture(outputs: outputs), seed: 2)
    let inputs = [Self.samples(7, [3]), Self.samples(7, [4])]
    let predictor = try model.predictor(batchSize: 3)
    #expect(
      try predictor.predictAll(inputs).map(Self.bits) == model.predictAll(inputs).map(Self.bits))
    #expect(
      message { _ = try predictor.predict(inputs[0]) }
        == "predict: expected a model with one input and one output (use predictAll), "
        + "but got 2 and 2.")
  }
}

/// Counts from several threads.
private final class Differences: @unchecked Sendable {
  // Sendable: the count is only touched under the lock.
  private let lock = NSLock()
  private var total = 0
  var count: Int { lock.withLock { total } }
  func add() { lock.withLock { total += 1 } }
}
