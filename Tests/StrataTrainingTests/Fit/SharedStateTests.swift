import StrataCore
import StrataLayers
import StrataOptimizers
import StrataLosses
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// What several uses of one layer in a step add up to.
@Suite struct SharedStateTests {
  /// By hand: momentum ½, means 2 and 6: (0·½ + 2·½)·½ + 6·½ = 3.5.
  @Test func everyUseOfABatchNormalizationMovesItsStatistics() throws {
    let graph = GraphBuilder()
    let (a, b) = (graph.input([1]), graph.input([1]))
    let normalization = graph.node(BatchNormalization(momentum: 0.5), name: "bn")
    let sum = graph.node(Add())(normalization(a), normalization(b))
    let model = try Model(graph.architecture(outputs: [sum]), semantics: .keras("3.15.1"), seed: 1)
    try model.compile(optimizer: SGD(learningRate: 0), loss: MeanSquaredError())
    let batch = Dataset(
      inputs: [Tensor([1, 3], shape: [2, 1]), Tensor([5, 7], shape: [2, 1])],
      targets: [Tensor([0, 0], shape: [2, 1])])
    _ = try model.trainOnBatch(batch)
    let mean = try #require(model.weights.first { $0.path == "bn/moving_mean" })
    #expect(try mean.value.floats() == [3.5])
  }

  /// By hand: a row is used twice with gradient g each; its sum of squares is 2·g², not (2·g)².
  @Test(arguments: [
    (Semantics.keras("3.15.1"), true), (.keras("3.15.1", backend: .theano()), false),
    (.tfKeras("2.15.0"), false),
  ])
  func squaresOfAnEmbeddingsGradient(_ semantics: Semantics, _ isByUse: Bool) throws {
    var network = Sequential(input: [2])
    network.add(Embedding(inputDim: 2, outputDim: 1), name: "table")
    network.add(Flatten())
    let model = try Model(network, semantics: semantics, seed: 1)
    try model.setWeights([Tensor([0, 0], shape: [2, 1])])
    try model.compile(
      optimizer: Adagrad(learningRate: 1, initialAccumulator: 0, epsilon: 0),
      loss: MeanSquaredError())
    _ = try model.trainOnBatch(
      Dataset(inputs: [Tensor([1, 1], shape: [1, 2])], targets: [Tensor([1, 1], shape: [1, 2])]))
    // g = -1 for each use: the step is 2 / √2 or 2 / √4.
    let table = try model.weights[0].value.floats()
    #expect(abs(table[1] - (isByUse ? Float(2).squareRoot() : 1)) < 1e-6)
  }
}
