import Foundation
import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor
import Testing

/// Values worked out by hand.
@Suite struct LayerValueTests {
  private func run(
    _ layer: any Layer, _ inputs: [Tensor], _ weights: [String: Tensor] = [:],
    isTraining: Bool = false, masks: [Tensor?]? = nil, under semantics: Semantics = .strata
  ) throws -> (output: [Float], mask: [Float]?, updates: [String: [Float]]) {
    var layer = layer
    layer.resolve(under: semantics)
    let chain = try LayerChain(
      [layer], inputs: inputs,
      weights: Dictionary(uniqueKeysWithValues: weights.map { ("0/\($0)", $1) }),
      isTraining: isTraining, masks: masks)
    let names = chain.updates.map { String($0.name.dropFirst(2)) }
    let values = try chain.native(
      [chain.output] + chain.updates.map(\.value) + (chain.mask.map { [$0] } ?? []))
    return (
      values[0], chain.mask == nil ? nil : values.last,
      Dictionary(uniqueKeysWithValues: zip(names, values.dropFirst()))
    )
  }

  @Test func denseIsAProductAndABias() throws {
    let y = try run(
      Dense(units: 2), [tensor([1, 2], shape: [1, 2])],
      ["kernel": tensor([1, 2, 3, 4], shape: [2, 2]), "bias": tensor([10, 20], shape: [2])])
    #expect(y.output == [17, 30])
  }

  @Test func maskedStepsKeepTheState() throws {
    // h' = x + h with a linear activation: a running sum that leaves out the masked step.
    let one = tensor([1], shape: [1, 1])
    let weights = ["kernel": one, "recurrent_kernel": one, "bias": tensor([0], shape: [1])]
    let x = tensor([1, 10, 100], shape: [1, 3, 1])
    let mask = tensor([0, 1, 0], shape: [1, 3])
    let layer = SimpleRNN(units: 1, activation: .linear, returnSequences: true)
    let masked = try run(layer, [x], weights, masks: [mask])
    #expect(masked.output == [0, 10, 10])
    #expect(masked.mask == [0, 1, 0])
    #expect(try run(layer, [x], weights).output == [1, 11, 111])
    let backwards = SimpleRNN(units: 1, activation: .linear, goBackwards: true)
    #expect(try run(backwards, [x], weights, masks: [mask]).output == [10])
  }

  /// The last states of a first part of a sequence lead into the second.
  @Test func statesLeadOnToTheNextPart() throws {
    let one = tensor([1], shape: [1, 1])
    let weights = ["kernel": one, "recurrent_kernel": one, "bias": tensor([0], shape: [1])]
    let layer = SimpleRNN(units: 1, activation: .linear, returnState: true)
    let first = try LayerChain(
      [layer], inputs: [tensor([1, 10], shape: [1, 2, 1])],
      weights: Dictionary(uniqueKeysWithValues: weights.map { ("0/\($0)", $1) }),
      isTraining: false)
    #expect(try first.native([first.output, first.further[0]]) == [[11], [11]])
    let second = try run(
      layer, [tensor([100], shape: [1, 1, 1]), tensor([11], shape: [1, 1])], weights)
    #expect(second.output == [111])
    #expect(throws: LayerError.self) {
      try layer.outputShape(for: [[1, 1], [2]])
    }
  }

  @Test func maskingZeroesAbsentSteps() throws {
    let x = tensor([5, 5, 5, 1], shape: [1, 2, 2])
    let result = try run(Masking(maskValue: 5), [x])
    #expect(result.output == [0, 0, 5, 1])
    #expect(result.mask == [0, 1])
  }

  @Test func embeddingsTakeIndicesOfEitherType() throws {
    let table = ["embeddings": tensor([1, 2, 3], shape: [3, 1])]
    let layer = Embedding(inputDim: 3, outputDim: 1, maskZero: true)
    let integers = try run(layer, [Tensor([2, 0] as [Int32], shape: [1, 2])], table)
    let floats = try run(layer, [Tensor([2, 0] as [Float], shape: [1, 2])], table)
    #expect(integers.output == [3, 1])
    #expect(floats.output == [3, 1])
    #expect(integers.mask == [1, 0])
  }

  @Test func mergesFold() throws {
    let (a, b) = (tensor([1, 5], shape: [1, 2]), tensor([4, 2], shape: [1, 2]))
    #expect(try run(Add(), [a, b]).output == [5, 7])
    #expect(try run(Subtract(), [a, b]).output == [-3, 3])
    #expect(try run(Multiply(), [a, b]).output == [4, 10])
    #expect(try run(Average(), [a, b]).output == [2.5, 3.5])
    #expect(try run(Maximum(), [a, b]).output == [4, 5])
    #expect(try run(Minimum(), [a, b]).output == [1, 2])
    #expect(try run(Concatenate(), [a, b]).output == [1, 5, 4, 2])
    #expect(try run(Dot(axes: [1, 1]), [a, b]).output == [14])
  }

  @Test func mergedMasksAreAllOfThem() throws {
    let x = tensor([1, 2, 3, 4], shape: [1, 2, 2])
    let (first, second) = (tensor([1, 0], shape: [1, 2]), tensor([1, 1], shape: [1, 2]))
    #expect(try run(Add(), [x, x], masks: [first, second]).mask == [1, 0])
    #expect(try run(Add(), [x, x], masks: [nil, nil]).mask == nil)
    #expect(try run(Concatenate(axis: 1), [x, x], masks: [first, nil]).mask == [1, 0, 1, 1])
    #expect(try run(Concatenate(axis: 2), [x, x], masks: [first, second]).mask == [1, 0])
  }

  /// Features 1 and 3: mean 2, biased variance 1, which starts moving from 0 and 1.
  @Test func batchNormalizationOfEachRelease() throws {
    let weights = [
      "gamma": tensor([2], shape: [1]), "beta": tensor([1], shape: [1]),
      "moving_mean": tensor([0], shape: [1]), "moving_variance": tensor([1], shape: [1]),
    ]
    let x = tensor([1, 3], shape: [2, 1])
    // What each release takes up as its second statistic, with epsilon 0.01 and momentum 0.5.
    let kept: [(Semantics, Float)] = [
      (.keras("0.3.3"), Float(1.01).squareRoot()), (.keras("1.0.8"), 1),
      (.keras("1.2.0"), 1.01), (.keras("1.2.0", backend: .theano("0.8.2")), 1),
      (.keras("2.3.1"), 2 / 0.99), (.tfKeras("2.15.0"), 1), (.keras("3.15.1"), 1),
    ]
    for (semantics, statistic) in kept {
      let layer = BatchNormalization(momentum: 0.5, epsilon: 0.01)
      let result = try run(layer, [x], weights, isTraining: true, under: semantics)
      #expect(result.updates["moving_mean"] == [1], "\(semantics)")
      let variance = try #require(result.updates["moving_variance"]?.first)
      #expect(abs(variance - (0.5 + 0.5 * statistic)) < 1e-6, "\(semantics)")
      let divisor =
        semantics == .keras("0.3.3") ? Float(1.01).squareRoot() + 0.01 : Float(1.01).squareRoot()
      #expect(abs(result.output[1] - (1 + 2 / divisor)) < 1e-6, "\(semantics)")
    }
  }

  @Test func frozenBatchNormalization() throws {
    let weights = [
      "gamma": tensor([1], shape: [1]), "beta": tensor([0], shape: [1]),
      "moving_mean": tensor([0], shape: [1]), "moving_variance": tensor([1], shape: [1]),
    ]
    let x = tensor([1, 3], shape: [2, 1])
    let layer = BatchNormalization(isTrainable: false)
    let old = try run(layer, [x], weights, isTraining: true, under: .keras("0.3.3"))
    #expect(old.updates.isEmpty && old.output[0] < -0.9)
    let middle = try run(layer, [x], weights, isTraining: true, under: .keras("1.2.0"))
    #expect(middle.updates.count == 2 && middle.output[0] < -0.9)
    let new = try run(layer, [x], weights, isTraining: true, under: .keras("3.15.1"))
    #expect(new.updates.isEmpty && new.output[0] > 0.9)
  }

  /// In tests the random values are 0, 1, 1, 0, 1, 1 and so on.
  @Test func dropoutMakesUpForWhatItDrops() throws {
    let x = tensor([1, 2, 3], shape: [1, 3])
    #expect(try run(Dropout(rate: 0.5), [x], isTraining: true).output == [0, 4, 6])
    #expect(try run(Dropout(rate: 0.5), [x]).output == [1, 2, 3])
    let old = Semantics.keras("0.2.0")
    #expect(try run(Dropout(rate: 0.5), [x], isTraining: true, under: old).output == [0, 2, 3])
    #expect(try run(Dropout(rate: 0.5), [x], under: old).output == [0.5, 1, 1.5])
  }

  @Test func recurrentMasksAreDrawnStateFirst() throws {
    func shapes(_ semantics: Semantics) throws -> [Shape] {
      let layer = LSTM(units: 2, dropout: 0.5, recurrentDropout: 0.5)
      let chain = try Sample(layer, [4, 3]).chain(batch: 5, isTraining: true, under: semantics)
      return chain.graph.nodes.compactMap { node in
        if case .input(.random) = node.kind { node.type.shape } else { nil }
      }
    }
    let (state, input): (Shape, Shape) = ([5, 2], [5, 3])
    #expect(
      try shapes(.keras("0.3.3")) == [Shape](repeating: state, count: 4)
        + [Shape](repeating: input, count: 4))
    #expect(try shapes(.keras("2.3.1")) == [state, input])
  }

  /// Theano's rectifiers have the mean of both slopes at 0.
  @Test func rectifiersAtZero() throws {
    func slope(_ layer: any Layer, _ semantics: Semantics) throws -> Float {
      var layer = layer
      layer.resolve(under: semantics)
      let chain = try LayerChain(
        [layer], inputs: [tensor([0], shape: [1, 1])],
        weights: ["0/alpha": tensor([0.5], shape: [1])], isTraining: false)
      return try chain.native(chain.gradients(of: tensor([1], shape: [1, 1])).gradients)[0][0]
    }
    for layer in [LeakyReLU(negativeSlope: 0.5), PReLU(), ELU(alpha: 0.5)] as [any Layer] {
      #expect(try slope(layer, .keras("0.3.3")) == 0.75)
      #expect(try slope(layer, .keras("2.3.1")) == 0.5)
    }
    #expect(try slope(ELU(alpha: 0.5), .keras("1.2.0")) == 0.5)
  }

  @Test func defaultsFollowTheRelease() {
    func resolved<L: Layer>(_ layer: L, _ semantics: Semantics) -> L {
      var layer = layer
      layer.resolve(under: semantics)
      return layer
    }
    let ends: [(Semantics, Float, Float)] = [
      (.keras("0.3.3"), 1e-6, 0.9), (.keras("1.0.8"), 1e-5, 0.99), (.keras("1.2.0"), 1e-3, 0.99),
    ]
    for (semantics, epsilon, momentum) in ends {
      let layer = resolved(BatchNormalization(), semantics)
      #expect(layer.epsilon == epsilon && layer.momentum == momentum)
    }
    #expect(resolved(LSTM(units: 1), .keras("2.2.4")).recurrentActivation == .hardSigmoidByFifths)
    #expect(resolved(LSTM(units: 1), .keras("2.3.1")).recurrentActivation == .sigmoid)
    #expect(resolved(GRU(units: 1), .keras("2.3.1")).resetAfter == false)
    #expect(resolved(GRU(units: 1), .tfKeras("2.15.0")).resetAfter == true)
    #expect(
      resolved(Dense(units: 1, activation: .relu), .keras("1.2.0")).activation
        == .reluByHalves)
  }

  @Test func parametersOfGates() throws {
    func specs(_ semantics: Semantics) throws -> [ParameterSpec] {
      var layer = LSTM(units: 2, kernelRegularizer: .l2(), recurrentRegularizer: .l1())
      layer.resolve(under: semantics)
      return try layer.parameters(for: [[5, 3]])
    }
    let old = try specs(.keras("0.3.3"))
    #expect(old.map(\.name).prefix(4) == ["kernel_i", "recurrent_kernel_i", "bias_i", "kernel_f"])
    #expect(old.count == 12)
    #expect(old[1].initializer == .orthogonal(gain: 1.1) && old[1].regularizer == .l1())
    #expect(old[5].initializer == .ones)
    let quirk = try specs(.keras("1.2.0"))
    #expect(quirk[1].initializer == .glorotUniform && quirk[1].regularizer == .l2())
    let new = try specs(.keras("2.3.1"))
    #expect(new.map(\.name) == ["kernel", "recurrent_kernel", "bias"])
    #expect(new.map(\.shape) == [[3, 8], [2, 8], [8]])
    #expect(new[1].initializer == .orthogonal(gain: 1) && new[1].regularizer == .l1())
    #expect(new[2].initializer == .blocks([.zeros, .ones, .zeros, .zeros]))
  }
}
