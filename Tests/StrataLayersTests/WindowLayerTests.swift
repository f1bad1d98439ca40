import Foundation
import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor
import Testing

/// Convolution, pooling, wrappers and attention: values worked out by hand, and what releases change.
@Suite struct WindowLayerTests {
  private func run(
    _ layer: any Layer, _ inputs: [Tensor], _ weights: [String: Tensor] = [:],
    masks: [Tensor?]? = nil, under semantics: Semantics = .strata
  ) throws -> [Float] {
    var layer = layer
    layer.resolve(under: semantics)
    let chain = try LayerChain(
      [layer], inputs: inputs,
      weights: Dictionary(uniqueKeysWithValues: weights.map { ("0/\($0)", $1) }),
      isTraining: false, masks: masks)
    return try chain.native([chain.output])[0]
  }

  private let theano = Semantics.keras("1.2.0", backend: .theano("0.9.0"))

  /// Theano turns the kernel round: x ⋆ [1, 10] sees x₀ + 10·x₁ or 10·x₀ + x₁.
  @Test func kernelsAreRotatedOnTheano() throws {
    let x = tensor([1, 2, 3], shape: [1, 1, 3, 1])
    let layer = Conv2D(filters: 1, kernelSize: [1, 2], useBias: false)
    let kernel = ["kernel": tensor([1, 10], shape: [1, 2, 1, 1])]
    #expect(try run(layer, [x], kernel) == [21, 32])
    #expect(try run(layer, [x], kernel, under: theano) == [12, 23])
  }

  /// An even kernel with same padding: Theano pads half of it before, TensorFlow the smaller half.
  @Test func samePaddingOfEvenKernels() throws {
    let x = tensor([1, 2, 3], shape: [1, 3, 1])
    let layer = Conv1D(filters: 1, kernelSize: [2], padding: .same, useBias: false)
    #expect(try run(layer, [x], ["kernel": tensor([1, 1], shape: [2, 1, 1])]) == [3, 5, 3])
    let early = ["kernel": tensor([1, 1], shape: [2, 1, 1, 1])]
    #expect(try run(layer, [x], early, under: theano) == [1, 3, 5])
  }

  @Test func causalOutputsSeeThePast() throws {
    let x = tensor([1, 2, 3, 4], shape: [1, 4, 1])
    let layer = Conv1D(
      filters: 1, kernelSize: [2], padding: .causal, dilationRate: [2], useBias: false)
    #expect(try run(layer, [x], ["kernel": tensor([10, 1], shape: [2, 1, 1])]) == [1, 2, 13, 24])
  }

  /// A 3x3 kernel from 2 channels to 4 filters: the fan-out counts the receptive field since 1.0.4.
  @Test(
    arguments: [("0.3.3", 18.0, 4.0), ("1.0.8", 18, 36), ("2.3.1", 18, 36)]
      as [(Version, Double, Double)])
  func fansOfARelease(_ release: Version, _ fanIn: Double, _ fanOut: Double) throws {
    var layer = Conv2D(filters: 4, kernelSize: [3, 3], dataFormat: .channelsFirst)
    layer.resolve(under: .keras(release))
    let kernel = try layer.parameters(for: [[2, 5, 5]])[0]
    #expect(kernel.fans?.fanIn == fanIn)
    #expect(kernel.fans?.fanOut == fanOut)
    #expect(kernel.shape == (release < "2.0.0" ? [4, 2, 3, 3] : [3, 3, 2, 4]))
  }

  @Test func theErrorNamesTheInputThatIsWanted() {
    let layer = MaxPooling2D(dataFormat: .channelsFirst)
    let error = #expect(throws: LayerError.self) { try layer.outputShape(for: [[3, 4]]) }
    #expect(
      error?.description.hasSuffix("expected input [channels, height, width], but got [3, 4].")
        == true)
    let large = #expect(throws: LayerError.self) {
      try AveragePooling1D(poolSize: [5]).outputShape(for: [[3, 4]])
    }
    #expect(large?.expected == "an input of at least the pool's size")
  }

  @Test func paddingDoesNotCountInTheMean() throws {
    let x = tensor([2, 4, 6], shape: [1, 3, 1])
    let layer = AveragePooling1D(poolSize: [2], padding: .same)
    #expect(try run(layer, [x]) == [3, 6])
    #expect(try run(layer, [x], under: theano) == [2, 5])
  }

  @Test func absentStepsDoNotCountInTheMean() throws {
    let x = tensor([2, 4, 6], shape: [1, 3, 1])
    let mask = tensor([1, 0, 1], shape: [1, 3])
    #expect(try run(GlobalAveragePooling1D(), [x], masks: [mask]) == [4])
  }

  /// With scores of zero every head takes the mean of what it may see.
  @Test func attentionWithoutPreferenceIsAMean() throws {
    let zero = tensor([0], shape: [1, 1, 1])
    let one = tensor([1], shape: [1, 1, 1])
    let weights = [
      "query/kernel": zero, "key/kernel": one, "value/kernel": one,
      "attention_output/kernel": one,
    ]
    let x = tensor([2, 4, 9], shape: [1, 3, 1])
    var layer = MultiHeadAttention(numHeads: 1, keyDim: 1, useBias: false)
    #expect(try run(layer, [x], weights) == [5, 5, 5])
    let mask = tensor([1, 1, 0], shape: [1, 3])
    #expect(try run(layer, [x, x], weights, masks: [nil, mask]) == [3, 3, 3])
    layer.useCausalMask = true
    #expect(try run(layer, [x], weights) == [2, 3, 5])
  }

  /// A running sum from each end: [1, 3] forwards, [3, 2] backwards in the order of time.
  @Test func directionsMeetInTheOrderOfTime() throws {
    let one = tensor([1], shape: [1, 1])
    var weights: [String: Tensor] = [:]
    for direction in ["forward_", "backward_"] {
      weights[direction + "kernel"] = one
      weights[direction + "recurrent_kernel"] = one
    }
    let rnn = SimpleRNN(units: 1, activation: .linear, useBias: false, returnSequences: true)
    let x = tensor([1, 2], shape: [1, 2, 1])
    #expect(try run(Bidirectional(layer: rnn), [x], weights) == [1, 3, 3, 2])
    #expect(try run(Bidirectional(layer: rnn, mergeMode: .sum), [x], weights) == [4, 5])
  }

  @Test func aWrapperRefusesALayerThatIsNotKnown() {
    let text = #"{"layer": {"layer": "Desne", "settings": {}}}"#
    let error = #expect(throws: UnknownNameError.self) {
      try JSONDecoder().decode(TimeDistributed.self, from: Data(text.utf8))
    }
    #expect(error?.name == "Desne")
  }
}
