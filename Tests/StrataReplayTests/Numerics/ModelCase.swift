import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataReplay
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// A small training whose weights, slots and losses are frozen by their digest.
struct ModelCase: Sendable, CustomTestStringConvertible {
  let name: String
  var semantics = Semantics.strata
  var optimizer: any OptimizerRule = Adam()
  var loss: any Loss = MeanSquaredError()
  /// Above 0: the inputs are integers below.
  var integersBelow: UInt64 = 0
  /// Whether its sums are large enough for several threads.
  var isWide = false
  let architecture: @Sendable () -> Sequential
  var testDescription: String { name }

  /// Two epochs of three batches, the last of which is smaller.
  func digest() throws -> Digest {
    let model = try Model(architecture(), semantics: semantics, seed: 11)
    try model.compile(optimizer: optimizer, loss: loss)
    let count = isWide ? 160 : 13
    let x = values(model.architecture.inputs[0].shape.batched(count), seed: 1)
    let y = targets(model.outputShapes[0].batched(count))
    let history = try model.fit(
      x, y, batchSize: isWide ? 64 : 5, epochs: 2, verbosity: .silent)
    let losses = history["loss"].map { "\($0.bitPattern)" }.joined(separator: " ")
    return Digest(of: [StateDigest(of: model).combined, Digest(of: losses)])
  }

  private func values(_ shape: Shape, seed: UInt64) -> Tensor {
    var state = seed
    return Tensor(
      (0..<shape.count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let word = state >> 33
        return integersBelow > 0 && seed == 1
          ? Float(word % integersBelow) : Float(word) / Float(1 << 30) - 1
      }, shape: shape)
  }

  private func targets(_ shape: Shape) -> Tensor {
    guard loss is CategoricalCrossentropy else { return values(shape, seed: 2) }
    let classes = shape.last
    let labels = (0..<(shape.count / classes)).flatMap { row in
      (0..<classes).map { $0 == row * 7 % classes ? Float(1) : 0 }
    }
    return Tensor(labels, shape: shape)
  }
}

extension ModelCase {
  init(
    _ name: String, input: Shape, optimizer: any OptimizerRule = Adam(),
    loss: any Loss = MeanSquaredError(), integersBelow: UInt64 = 0, isWide: Bool = false,
    semantics: Semantics = .strata,
    @LayerListBuilder _ layers: @escaping @Sendable () -> [any Layer]
  ) {
    self.init(
      name: "model/\(name)", semantics: semantics, optimizer: optimizer, loss: loss,
      integersBelow: integersBelow, isWide: isWide,
      architecture: { Sequential(input: input, layers) })
  }

  static let all = dense + convolutional + sequences + rules

  static let dense = [
    ModelCase("dense", input: [7], optimizer: SGD(momentum: 0.9), loss: CategoricalCrossentropy()) {
      Dense(units: 17, activation: .relu)
      Dense(units: 5, activation: .softmax)
    },
    ModelCase("dense, wide", input: [190], loss: CategoricalCrossentropy(), isWide: true) {
      Dense(units: 257, activation: .tanh)
      Dense(units: 130, activation: .relu)
      Dense(units: 10, activation: .softmax)
    },
    ModelCase("dense, regularized", input: [6]) {
      Dense(units: 9, activation: .sigmoid, kernelRegularizer: Regularizer(l1: 0.01, l2: 0.02))
      Dense(units: 2, kernelConstraint: .maxNorm(0.5, axes: [0]))
    },
    ModelCase("dropout", input: [9]) {
      Dense(units: 23, activation: .relu)
      Dropout(rate: 0.3)
      GaussianNoise(stddev: 0.1)
      Dense(units: 3)
    },
    ModelCase("batch normalization", input: [6], optimizer: RMSprop()) {
      Dense(units: 19)
      BatchNormalization()
      ActivationLayer(activation: .relu)
      Dense(units: 3)
    },
    ModelCase("layer normalization", input: [6], optimizer: AdamW()) {
      Dense(units: 19, activation: .elu)
      LayerNormalization()
      Dense(units: 3)
    },
  ]

  static let convolutional = [
    ModelCase("convolution 1D", input: [11, 3]) {
      Conv1D(filters: 5, kernelSize: [3], padding: .causal, activation: .relu)
      MaxPooling1D(poolSize: [2])
      Conv1D(filters: 4, kernelSize: [2], strides: [2])
      GlobalAveragePooling1D()
      Dense(units: 2)
    },
    ModelCase("convolution 2D", input: [8, 9, 3], loss: CategoricalCrossentropy()) {
      Conv2D(filters: 7, kernelSize: [3, 3], padding: .same, activation: .relu)
      MaxPooling2D(poolSize: [2, 2])
      Conv2D(filters: 5, kernelSize: [2, 3], dilationRate: [1, 1])
      AveragePooling2D(poolSize: [2, 2], strides: [1, 1])
      Flatten()
      Dense(units: 4, activation: .softmax)
    },
    ModelCase("convolution 2D, wide", input: [20, 18, 8], isWide: true) {
      Conv2D(filters: 24, kernelSize: [3, 3], padding: .same, activation: .relu)
      BatchNormalization()
      MaxPooling2D(poolSize: [2, 2])
      Conv2D(filters: 17, kernelSize: [3, 3], strides: [2, 2], activation: .tanh)
      GlobalMaxPooling2D()
      Dense(units: 3)
    },
    ModelCase("convolution 3D", input: [4, 5, 4, 2]) {
      Conv3D(filters: 3, kernelSize: [2, 3, 2], activation: .relu)
      Flatten()
      Dense(units: 2)
    },
    ModelCase("depthwise and separable", input: [6, 7, 4]) {
      DepthwiseConv2D(kernelSize: [3, 3], padding: .same, depthMultiplier: 2, activation: .relu)
      SeparableConv2D(filters: 5, kernelSize: [2, 2], strides: [2, 2])
      GlobalAveragePooling2D()
    },
    ModelCase("transposed convolution", input: [3, 4, 2]) {
      Conv2DTranspose(filters: 3, kernelSize: [3, 3], strides: [2, 2], activation: .tanh)
      UpSampling2D(size: [2, 1])
      Conv2D(filters: 1, kernelSize: [3, 3])
    },
  ]

  static let sequences = [
    ModelCase("LSTM", input: [5, 4]) {
      LSTM(units: 9, returnSequences: true)
      LSTM(units: 6, dropout: 0.25, recurrentDropout: 0.25)
      Dense(units: 2)
    },
    ModelCase("GRU", input: [5, 4]) {
      GRU(units: 9, resetAfter: true, returnSequences: true)
      GRU(units: 6, resetAfter: false)
      Dense(units: 2)
    },
    ModelCase("simple recurrent", input: [5, 4], optimizer: SGD(learningRate: 0.05)) {
      SimpleRNN(units: 11, returnSequences: true)
      TimeDistributed(layer: Dense(units: 3))
    },
    ModelCase("bidirectional", input: [5, 4]) {
      Bidirectional(layer: LSTM(units: 5, returnSequences: true))
      Bidirectional(layer: GRU(units: 4), mergeMode: .sum)
      Dense(units: 2)
    },
    ModelCase("embedding, masked", input: [6], integersBelow: 10) {
      Embedding(inputDim: 10, outputDim: 5, maskZero: true)
      LSTM(units: 7)
      Dense(units: 2)
    },
    ModelCase("attention", input: [5, 8]) {
      MultiHeadAttention(numHeads: 2, keyDim: 3, dropout: 0.1)
      LayerNormalization()
      Dense(units: 6, activation: .gelu)
      GlobalAveragePooling1D()
    },
    ModelCase("recurrent, wide", input: [12, 40], isWide: true) {
      LSTM(units: 67)
      Dense(units: 4)
    },
  ]

  /// One dense training with each optimizer.
  static let rules =
    OptimizerRegistry.builtIn.keras.names.compactMap { rule("\($0)", .strata) }
    + OptimizerRegistry.builtIn.torch.names.compactMap { rule($0, .torch("2.13.0")) }

  private static func rule(_ name: String, _ semantics: Semantics) -> ModelCase? {
    guard let rule = try? OptimizerRegistry.builtIn.rule(name, semantics) else { return nil }
    return ModelCase(
      "\(name) under \(semantics.lineage)", input: [6], optimizer: rule, semantics: semantics
    ) {
      Dense(units: 11, activation: .tanh)
      Dense(units: 3)
    }
  }
}
