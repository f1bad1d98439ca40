import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Training in double precision beside a training.
@Suite struct Float64ShadowTests {
  /// y = w x from w = 0 with SGD: after one step w = rate * 2 * mean(x y), in both precisions.
  @Test func aStepByHand() throws {
    let model = try Model(
      Sequential(input: [1]) { Dense(units: 1, useBias: false, kernelInitializer: .zeros) },
      seed: 1)
    try model.compile(optimizer: SGD(learningRate: 0.25), loss: MeanSquaredError())
    let data = Dataset(
      Tensor([1, 3] as [Float], shape: [2, 1]), Tensor([2, 0] as [Float], shape: [2, 1]))
    let shadow = Float64Shadow()
    try model.fit(data, Small.options(epochs: 2) { $0.shadow = shadow })
    // Losses: mean(4, 0); then with w = 0.5: mean(1.5², 1.5²). All exact.
    #expect(shadow.epochs.map(\.shadowLoss) == [2, 2.25])
    #expect(shadow.epochs.map(\.loss) == [2, 2.25])
    #expect(shadow.epochs.allSatisfy { $0.weightDifference == 0 && $0.lossDifference == 0 })
  }

  /// Adam, statistics, dropout and shuffling: rounding only, growing from below 1e-6.
  @Test func staysCloseAndChangesNothing() throws {
    func model() throws -> Model {
      let model = try Model(
        Sequential(input: [2]) {
          Dense(units: 4, activation: .tanh)
          BatchNormalization()
          Dropout(rate: 0.25)
          Dense(units: 3, activation: .softmax)
        }, semantics: .keras("2.3.1"), seed: 3)
      try model.compile(optimizer: Adam(), loss: CategoricalCrossentropy())
      return model
    }
    let (shadow, plain) = (Float64Shadow(), try model())
    try plain.fit(Small.data(10), Small.options(epochs: 3))
    let watched = try model()
    try watched.fit(Small.data(10), Small.options(epochs: 3) { $0.shadow = shadow })
    #expect(try watched.weightBits() == plain.weightBits())
    #expect(shadow.epochs.map(\.number) == [0, 1, 2])
    for epoch in shadow.epochs {
      #expect(epoch.lossDifference < 1e-5 && epoch.weightDifference < 1e-3)
      #expect(epoch.weightDifference > 0 && !epoch.tensor.isEmpty)
    }
    #expect(shadow.description.split(separator: "\n").count == 4)
  }
}
