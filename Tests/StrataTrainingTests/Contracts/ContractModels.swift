import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Four small models that every part of training must carry: randomness, statistics, masks and
/// state, identity.
enum Contract: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case dropout, normalization, maskedRecurrent, sharedGraph

  var testDescription: String { rawValue }

  static let samples = 11

  var architecture: Architecture {
    switch self {
    case .dropout:
      Sequential(input: [5]) {
        Dense(units: 7, activation: .tanh, kernelRegularizer: .l2(0.01))
        Dropout(rate: 0.4)
        Dense(units: 3, activation: .softmax)
      }.architecture
    case .normalization:
      Sequential(input: [6]) {
        Dense(units: 8)
        BatchNormalization()
        ActivationLayer(activation: .tanh)
        Dense(units: 2, activation: .sigmoid)
      }.architecture
    case .maskedRecurrent:
      Sequential(input: [6, 4]) {
        Masking()
        LSTM(units: 5, returnSequences: true)
        Dense(units: 3, activation: .softmax)
      }.architecture
    case .sharedGraph: Self.graph()
    }
  }

  private static func graph() -> Architecture {
    let graph = GraphBuilder()
    let (left, right) = (graph.input([4]), graph.input([4]))
    let shared = graph.node(
      Dense(units: 3, activation: .tanh, activityRegularizer: .l2(0.02)), name: "shared")
    let merged = graph.node(Concatenate())(shared(left), shared(right))
    let first = graph.node(Dense(units: 2, activation: .softmax), name: "first")(merged)
    let second = graph.node(Dense(units: 1), name: "second")(merged)
    return graph.architecture(outputs: [first, second])
  }

  var losses: [any Loss] {
    switch self {
    case .dropout, .maskedRecurrent: [CategoricalCrossentropy()]
    case .normalization: [BinaryCrossentropy()]
    case .sharedGraph: [CategoricalCrossentropy(), MeanSquaredError()]
    }
  }

  var lossWeights: [Float]? { self == .sharedGraph ? [1, 0.25] : nil }

  /// A built and compiled model.
  func model(
    _ semantics: Semantics, optimizer: Optimizer = Optimizer(SGD(learningRate: 0.1, momentum: 0.9))
  ) throws -> Model {
    let model = try Model(architecture, semantics: semantics, seed: 7)
    try model.compile(
      optimizer: optimizer, losses: losses, lossWeights: lossWeights, metrics: [.accuracy])
    return model
  }

  var data: Dataset {
    var random = Philox(seed: 3, name: rawValue)
    let n = Self.samples
    func normal(_ shape: Shape) -> Tensor {
      Tensor(random.normal(count: shape.count), shape: shape)
    }
    func classes(_ count: Int, _ rows: Int) -> [Float] {
      (0..<rows).flatMap { row in
        (0..<count).map { Int(random.uniform(count: 1)[0] * 8 + Float(row)) % count == $0 ? 1 : 0 }
      }
    }
    switch self {
    case .dropout: return Dataset(normal([n, 5]), Tensor(classes(3, n), shape: [n, 3]))
    case .normalization: return Dataset(normal([n, 6]), Tensor(classes(2, n), shape: [n, 2]))
    case .maskedRecurrent:
      return Dataset(
        Self.padded(normal([n, 6, 4])), Tensor(classes(3, n * 6), shape: [n, 6, 3]))
    case .sharedGraph:
      return Dataset(
        inputs: [normal([n, 4]), normal([n, 4])],
        targets: [Tensor(classes(2, n), shape: [n, 2]), normal([n, 1])])
    }
  }

  /// Sequences of different lengths: sample i keeps its first 1 + i % 6 steps.
  private static func padded(_ x: Tensor) -> Tensor {
    var values = (try? x.floats()) ?? []
    for sample in 0..<x.shape[0] {
      for step in (1 + sample % 6)..<max(6, 1 + sample % 6) {
        for feature in 0..<4 { values[(sample * 6 + step) * 4 + feature] = 0 }
      }
    }
    return Tensor(values, shape: x.shape)
  }
}

extension Model {
  /// The bits of all weights.
  func weightBits() throws -> [[UInt32]] {
    try weights.map { try $0.value.floats().map(\.bitPattern) }
  }
}
