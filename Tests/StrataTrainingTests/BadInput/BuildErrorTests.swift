import Foundation
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

enum SGDRule { static let standard = SGD(learningRate: 0.1) }

/// What a model cannot be built from, named as it was written.
@Suite struct BuildErrorTests {
  private func building(_ definition: some ArchitectureConvertible) -> String? {
    message { _ = try Model(definition, semantics: .keras("1.2.0"), seed: 1) }
  }

  @Test func aShapeThatALayerCannotTake() {
    let model = Sequential(input: [4]) {
      Dense(units: 8)
      LSTM(units: 3)
    }
    #expect(
      building(model)?.hasPrefix("lstm_1: LSTM(units: 3") == true, "\(building(model) ?? "")")
    #expect(building(model)?.hasSuffix("but got [8].") == true)
    let reshape = Sequential(input: [4]) { Reshape(targetShape: [3, 2]) }
    #expect(building(reshape)?.hasPrefix("reshape_1: Reshape(") == true)
  }

  /// NumPy seeds its generator with 32 bits; a release that does not use NumPy takes more.
  @Test func aSeedThatTheReleaseDoesNotTake() throws {
    func building(under semantics: Semantics) -> String? {
      message {
        _ = try Model(
          Sequential(input: [4]) { Dense(units: 8) }, semantics: semantics, seed: 1 << 32)
      }
    }
    #expect(
      building(under: .keras("1.2.0"))
        == "compile: expected a seed from 0 to 2^32 - 1, for NumPy under keras-1.2.0+theano-0.9.0, "
        + "but got 4294967296.")
    #expect(building(under: .strata) == nil)
  }

  @Test func sizesThatCannotBe() {
    #expect(
      building(Sequential(input: [0]) { Dense(units: 1) })
        == "input_1: expected a shape of sizes of at least 1, but got [0].")
    #expect(
      building(Sequential(input: [-3]) { Dense(units: 1) })
        == "input_1: expected a shape of sizes of at least 1, but got [-3].")
    #expect(building(Sequential(input: [2]) { Dense(units: 0) })?.contains("units") == true)
    #expect(
      building(Sequential(input: [2]) { Dense(units: .max) })?
        .contains("an output of at most 2^40 elements") == true)
    #expect(
      building(Sequential(input: [1 << 20]) { Dense(units: 1 << 30) })?
        .contains("a parameter kernel of at most 2^40 elements") == true)
  }

  @Test func namesThatRepeat() {
    var model = Sequential(input: [2])
    model.add(Dense(units: 2), name: "a")
    model.add(Dense(units: 2), name: "a")
    #expect(
      building(model) == "model: expected layers with different names, but got two called \"a\".")
  }

  @Test func aValueOfAnotherGraph() {
    let (one, other) = (GraphBuilder(), GraphBuilder())
    let (x, y) = (one.input([2]), other.input([2]))
    let sum = one.node(Add(), name: "sum")(x, y)
    #expect(
      building(one.architecture(outputs: [sum]))
        == "sum: Add(): expected inputs of the model, or values made before, "
        + "but got a value of another graph.")
  }

  @Test func anArchitectureThatRefersToNothing() {
    let node = Architecture.Node(Dense(units: 1))
    func text(_ calls: [Architecture.Call], _ outputs: [Architecture.Source]) -> String? {
      building(
        Architecture(
          form: .graph, inputs: [.init([2])], nodes: [node], calls: calls, outputs: outputs))
    }
    #expect(text([.init(node: 3, inputs: [.input(0)])], [.call(0)])?.contains("layer 3") == true)
    #expect(text([.init(node: 0, inputs: [.input(1)])], [.call(0)])?.contains("input(1)") == true)
    #expect(text([.init(node: 0, inputs: [.call(0)])], [.call(0)])?.contains("call(0)") == true)
    #expect(text([], [.call(0)])?.hasPrefix("output: expected") == true)
    #expect(text([], []) == "model: expected an input and an output, but got none.")
  }

  @Test func anUnknownLayerInAFile() {
    let text = #"""
      {"form": "sequential", "inputs": [{"shape": [2]}], "outputs": [{"input": {"_0": 0}}],
       "calls": [], "nodes": [{"layer": "Densest", "settings": {}}]}
      """#
    let found = message {
      _ = try JSONDecoder().decode(Architecture.self, from: Data(text.utf8))
    }
    #expect(found?.hasSuffix(", but got \"Densest\".") == true, "\(found ?? "")")
  }

  @Test func aMaskThatALayerDoesNotSupport() {
    let model = Sequential(input: [4, 2]) {
      Masking()
      Unmasked()
    }
    #expect(
      building(model)
        == "unmasked_1: expected an input without a mask, but got a masked one; "
        + "Unmasked does not support masking.")
  }

  /// A layer that gives an output of a shape it did not promise, and one that updates what it does
  /// not have.
  @Test func layersThatBreakTheirWord() {
    #expect(
      building(Sequential(input: [2]) { Unmasked(promise: [3]) })?
        .contains("expected an output of [3], but got [2]") == true)
    #expect(
      building(Sequential(input: [2]) { Unmasked(updated: "mean") })
        == "unmasked_1: expected updates of its own parameters, but got one of \"mean\".")
  }

  @Test func aModelWithoutLayersPredictsItsInput() throws {
    let model = try Model(Sequential(input: [2]), semantics: .keras("1.2.0"), seed: 1)
    #expect(try model.predict(Tensor([1, 2], shape: [1, 2])).floats() == [1, 2])
    try model.compile(optimizer: SGD(), loss: MeanSquaredError())
    let data = Dataset(Tensor([1, 2], shape: [1, 2]), .zeros([1, 2]))
    #expect(try model.trainOnBatch(data)[0].value == 2.5)
  }

  @Test func optimizersAndMetricsThatBreakTheirWord() throws {
    let model = try Small.model(compiles: false)
    try model.compile(
      optimizer: SGD(), loss: CategoricalCrossentropy(), metrics: [.metric(PerSample())])
    #expect(
      message { try model.trainOnBatch(Small.data(2)) }
        == "per_sample: expected a scalar, but got [2, 3].")
    try model.compile(optimizer: Shrinking(), loss: CategoricalCrossentropy())
    #expect(
      message { try model.trainOnBatch(Small.data(2)) }
        == "update: expected a new value of type [2, 3], but got [].")
  }
}

private struct Unmasked: Layer {
  static let name = "Unmasked"
  var promise: Shape?
  var updated: String?
  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    if let promise { return promise }
    return try single(inputs)
  }
  func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    if let updated { context.update(updated, to: 0) }
    return inputs[0] * 2
  }
}

private struct PerSample: Metric {
  static let name = "per_sample"
  func batchValue(target: Tensor, prediction: Tensor) -> Tensor { target - prediction }
}

private struct Shrinking: OptimizerRule {
  static let name = "shrinking"
  static let className = "Shrinking"
  var learningRate: Float? = 1
  var slots: [SlotSpec] { [] }
  mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {}
  func update(_ parameter: Tensor, gradient: Tensor, _ state: OptimizerState) -> ParameterUpdate {
    ParameterUpdate(parameter.sum())
  }
}
