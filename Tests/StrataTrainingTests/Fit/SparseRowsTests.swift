import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Rows of an embedding that a batch does not use, and kernels that a layer rewrites.
@Suite struct SparseRowsTests {
  /// A table of three rows; the second step does not use row 1.
  private func table(
    _ rule: any OptimizerRule, _ semantics: Semantics
  ) throws -> (before: [Float], after: [Float]) {
    var network = Sequential(input: [1])
    network.add(Embedding(inputDim: 3, outputDim: 2))
    network.add(Flatten())
    let model = try Model(network, semantics: semantics, seed: 1)
    try model.compile(optimizer: Optimizer(rule), losses: [MeanSquaredError()])
    func step(_ index: Int32) throws {
      let x = Tensor([index, 2], shape: [2, 1])
      try model.fit(
        x, Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]), batchSize: 2, epochs: 1,
        verbosity: .silent)
    }
    try step(1)
    let before = try model.weights[0].value.floats()
    try step(0)
    return (before, try model.weights[0].value.floats())
  }

  /// Momentum moves row 1 on, but not with the optimizers of tf.keras 2.4 to 2.10.
  @Test(arguments: [
    SGD(learningRate: 0.1, momentum: 0.9) as any OptimizerRule,
    RMSprop(learningRate: 0.1, momentum: 0.9), Adamax(learningRate: 0.1),
    Nadam(learningRate: 0.1),
  ])
  func rowsWithoutAUse(_ rule: any OptimizerRule) throws {
    let legacy = try table(rule, .tfKeras("2.10.0"))
    #expect(legacy.before[2..<4] == legacy.after[2..<4])
    #expect(legacy.before[0..<2] != legacy.after[0..<2])
    for release in [Semantics.tfKeras("2.15.0"), .keras("2.3.1")] {
      let dense = try table(rule, release)
      #expect(dense.before[2..<4] != dense.after[2..<4], "\(release)")
    }
  }

  /// Adam decays its moments everywhere, in both.
  @Test func adamMovesEveryRow() throws {
    let legacy = try table(Adam(learningRate: 0.1), .tfKeras("2.10.0"))
    #expect(legacy.before[2..<4] != legacy.after[2..<4])
  }

  /// Ftrl computes a row anew from its slots: one that no batch used becomes 0, but stays with the
  /// sparse form.
  @Test func ftrlKeepsRows() throws {
    let legacy = try table(Ftrl(learningRate: 0.1), .tfKeras("2.10.0"))
    #expect(legacy.before[0..<2].allSatisfy { $0 != 0 })
    let dense = try table(Ftrl(learningRate: 0.1), .tfKeras("2.15.0"))
    #expect(dense.before[0..<2].allSatisfy { $0 == 0 })
  }

  /// Recorded: Keras 3.15.1 on TensorFlow 2.21, `SpectralNormalization(Dense(2), power_iterations=2)`,
  /// SGD of rate 0.1 and momentum 0.5, four steps of two samples.
  @Test func spectralNormalizationTrains() throws {
    var network = Sequential(input: [3])
    network.add(SpectralNormalization(layer: Dense(units: 2), powerIterations: 2))
    let model = try Model(network, semantics: .keras("3.15.1"), seed: 1)
    #expect(
      model.weights.map(\.path).map { $0.split(separator: "/")[1] } == [
        "kernel", "bias", "vector_u",
      ])
    try model.setWeights([
      Tensor(
        [
          -0.0045318603515625, -1.0605511665344238, 0.6995449066162109, -0.8964764475822449,
          0.8809665441513062, -0.3235142230987549,
        ], shape: [3, 2]), .zeros([2]),
      Tensor([0.017750661820173264, -0.001057589310221374], shape: [1, 2]),
    ])
    try model.compile(
      optimizer: Optimizer(SGD(learningRate: 0.1, momentum: 0.5)), losses: [MeanSquaredError()])
    let history = try model.fit(
      Tensor([1, 2, -1, 0.5, -1, 2, 1, 1, 0, -2, 0.5, 1], shape: [4, 3]),
      Tensor([1, 0, 0, 1, 1, 1, -1, 2], shape: [4, 2]), batchSize: 2, epochs: 2,
      verbosity: .silent, shuffle: .none)
    let recorded: [[Float]] = [
      [
        0.4905461072921753, -0.5059440732002258, 0.7098398804664612, -0.10009993612766266,
        0.2445274293422699, 0.023581963032484055,
      ],
      [-0.1780730038881302, 0.7355652451515198], [0.8484544157981873, -0.5292683243751526],
    ]
    for (weight, expected) in zip(model.weights, recorded) {
      let values = try weight.value.floats()
      #expect(
        zip(values, expected).allSatisfy { abs($0 - $1) < 2e-6 }, "\(weight.path): \(values)")
    }
    for (loss, expected) in zip(history["loss"], [1.6269276142120361, 0.493670254945755]) {
      #expect(abs(loss - expected) < 1e-5)
    }
  }
}
