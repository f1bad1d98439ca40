import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor

/// A layer with inputs that it takes: the list over which the conformance tests run.
struct Sample: Sendable, CustomStringConvertible {
  var layer: any Layer
  /// Without the batch axis.
  var shapes: [Shape]
  /// The line of `samples` that built the layer.
  var line: Int
  /// Above 0: the inputs are integers below.
  var integersBelow: Int32 = 0

  var description: String { layer.description }

  init(_ layer: any Layer, _ shapes: Shape..., integersBelow: Int32 = 0, line: Int = #line) {
    self.layer = layer
    self.shapes = shapes
    self.line = line
    self.integersBelow = integersBelow
  }
}

// Each layer is written as its description prints it: a test compares the two.
// swift-format-ignore
let samples: [Sample] = [
  Sample(InputLayer(shape: [3], element: .float32), [3]),
  Sample(Dense(units: 3, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [4]),
  Sample(Dense(units: 2, activation: .linear, useBias: false, kernelInitializer: .heNormal, biasInitializer: .ones, kernelRegularizer: Regularizer(l1: 0.0, l2: 0.01), kernelConstraint: .maxNorm(2.0, axes: [0]), isTrainable: false), [3, 4]),
  Sample(ActivationLayer(activation: .softmax), [3]),
  Sample(ELU(alpha: 0.5), [3]),
  Sample(LeakyReLU(negativeSlope: 0.3), [3]),
  Sample(PReLU(alphaInitializer: .zeros, sharedAxes: [1], isTrainable: true), [2, 3]),
  Sample(ReLU(maxValue: 1.0, negativeSlope: 0.1, threshold: 0.2), [3]),
  Sample(Softmax(axis: 1), [3, 2]),
  Sample(ThresholdedReLU(theta: 0.5), [3]),
  Sample(Embedding(inputDim: 5, outputDim: 2, embeddingsInitializer: .uniform(scale: 0.05), maskZero: true, dropout: 0.5, isTrainable: true), [3], integersBelow: 5),
  Sample(Masking(maskValue: 0.0), [3, 2]),
  Sample(Add(), [2, 3], [2, 3], [1, 3]),
  Sample(Average(), [3], [3]),
  Sample(Concatenate(axis: 1), [2, 3], [1, 3]),
  Sample(Dot(axes: [1, 1], normalize: true), [4, 3], [4, 2]),
  Sample(Dot(axes: [1, -1], normalize: false), [4], [4]),
  Sample(Maximum(), [3], [3]),
  Sample(Minimum(), [3], [3]),
  Sample(Multiply(), [3], [3], [3]),
  Sample(Subtract(), [3], [3]),
  Sample(BatchNormalization(axis: -1, momentum: 0.9, center: true, scale: true, betaInitializer: .zeros, movingMeanInitializer: .zeros, movingVarianceInitializer: .ones, mode: .moving, isTrainable: true), [3]),
  Sample(BatchNormalization(axis: 1, epsilon: 0.01, center: true, scale: false, betaInitializer: .zeros, movingMeanInitializer: .zeros, movingVarianceInitializer: .ones, mode: .moving, formula: .deviation, isTrainable: true), [3, 2]),
  Sample(BatchNormalization(axis: -1, center: true, scale: true, betaInitializer: .zeros, movingMeanInitializer: .zeros, movingVarianceInitializer: .ones, mode: .perSample, isTrainable: true), [4]),
  Sample(LSTM(units: 2, activation: .tanh, recurrentActivation: .sigmoid, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, dropout: 0.5, recurrentDropout: 0.25, returnSequences: true, goBackwards: false, stateful: false, gateLayout: .separate, gateDropout: .perGate, isTrainable: true), [3, 2]),
  Sample(LSTM(units: 2, activation: .tanh, recurrentActivation: .sigmoid, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, dropout: 0.0, recurrentDropout: 0.25, returnSequences: false, goBackwards: true, stateful: false, gateLayout: .fused, isTrainable: true), [3, 2]),
  Sample(GRU(units: 2, activation: .tanh, recurrentActivation: .sigmoid, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, resetAfter: true, dropout: 0.0, recurrentDropout: 0.0, returnSequences: true, goBackwards: true, stateful: false, gateLayout: .fused, isTrainable: true), [3, 2]),
  Sample(GRU(units: 2, activation: .tanh, recurrentActivation: .sigmoid, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, resetAfter: false, dropout: 0.5, recurrentDropout: 0.5, returnSequences: false, goBackwards: false, stateful: false, gateLayout: .separate, gateDropout: .perGate, isTrainable: true), [3, 2]),
  Sample(SimpleRNN(units: 2, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, dropout: 0.5, recurrentDropout: 0.5, returnSequences: true, goBackwards: false, stateful: false, isTrainable: true), [3, 2]),
  Sample(Conv1D(filters: 2, kernelSize: [3], strides: [1], padding: .valid, dataFormat: .channelsLast, dilationRate: [1], groups: 1, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [5, 2]),
  Sample(Conv1D(filters: 2, kernelSize: [2], strides: [1], padding: .causal, dataFormat: .channelsFirst, dilationRate: [2], groups: 2, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 4]),
  Sample(Conv1D(filters: 2, kernelSize: [2], strides: [2], padding: .same, dataFormat: .channelsLast, dilationRate: [1], groups: 1, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, form: ConvolutionForm(kernel: .unitColumn, isRotated: true, samePadding: .half, fans: .receptive), isTrainable: true), [5, 2]),
  Sample(Conv2D(filters: 2, kernelSize: [3, 2], strides: [1, 1], padding: .valid, dataFormat: .channelsLast, dilationRate: [1, 1], groups: 1, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [4, 3, 2]),
  Sample(Conv2D(filters: 4, kernelSize: [2, 3], strides: [2, 1], padding: .same, dataFormat: .channelsLast, dilationRate: [1, 2], groups: 2, activation: .sigmoid, useBias: false, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [4, 3, 2]),
  Sample(Conv2D(filters: 2, kernelSize: [2, 2], strides: [1, 1], padding: .same, dataFormat: .channelsFirst, dilationRate: [1, 1], groups: 1, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, form: ConvolutionForm(kernel: .filtersFirst, isRotated: true, samePadding: .half, fans: .filters), isTrainable: true), [2, 3, 4]),
  Sample(Conv2D(filters: 2, kernelSize: [2, 3], strides: [1, 2], padding: .full, dataFormat: .channelsLast, dilationRate: [1, 1], groups: 1, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [3, 2, 1]),
  Sample(AveragePooling1D(poolSize: [2], strides: [1], padding: .same, dataFormat: .channelsLast), [5, 2]),
  Sample(AveragePooling2D(poolSize: [2, 2], padding: .valid, dataFormat: .channelsLast), [4, 5, 2]),
  Sample(AveragePooling2D(poolSize: [3, 2], strides: [2, 1], padding: .same, dataFormat: .channelsFirst, form: PoolingForm(samePadding: .pooling, ties: .all)), [2, 4, 3]),
  Sample(GlobalAveragePooling1D(dataFormat: .channelsLast, keepsDimensions: false), [3, 2]),
  Sample(GlobalAveragePooling2D(dataFormat: .channelsFirst, keepsDimensions: true), [2, 3, 2]),
  Sample(MaxPooling1D(poolSize: [2], strides: [1], padding: .same, dataFormat: .channelsLast), [5, 2]),
  Sample(MaxPooling2D(poolSize: [2, 2], padding: .valid, dataFormat: .channelsLast), [4, 5, 2]),
  Sample(MaxPooling2D(poolSize: [3, 2], strides: [2, 1], padding: .same, dataFormat: .channelsFirst, form: PoolingForm(samePadding: .pooling, ties: .all)), [2, 4, 3]),
  Sample(GlobalMaxPooling1D(dataFormat: .channelsLast, keepsDimensions: false), [3, 2]),
  Sample(GlobalMaxPooling2D(dataFormat: .channelsFirst, keepsDimensions: true), [2, 3, 2]),
  Sample(DepthwiseConv1D(kernelSize: [2], strides: [1], padding: .valid, depthMultiplier: 2, dataFormat: .channelsLast, dilationRate: [1], activation: .linear, useBias: true, depthwiseInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [4, 2]),
  Sample(DepthwiseConv2D(kernelSize: [2, 3], strides: [1, 1], padding: .same, depthMultiplier: 2, dataFormat: .channelsFirst, dilationRate: [1, 1], activation: .tanh, useBias: true, depthwiseInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 3, 4]),
  Sample(SeparableConv1D(filters: 2, kernelSize: [2], strides: [1], padding: .valid, depthMultiplier: 1, dataFormat: .channelsLast, dilationRate: [1], activation: .linear, useBias: true, depthwiseInitializer: .glorotUniform, pointwiseInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [4, 2]),
  Sample(SeparableConv2D(filters: 3, kernelSize: [2, 2], strides: [2, 2], padding: .same, depthMultiplier: 2, dataFormat: .channelsLast, dilationRate: [1, 1], activation: .linear, useBias: true, depthwiseInitializer: .glorotUniform, pointwiseInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [3, 4, 2]),
  Sample(Conv1DTranspose(filters: 2, kernelSize: [3], strides: [2], padding: .same, dataFormat: .channelsLast, dilationRate: [1], activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [3, 2]),
  Sample(Conv2DTranspose(filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: .valid, outputPadding: [1, 0], dataFormat: .channelsFirst, dilationRate: [1, 1], activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 3, 2]),
  Sample(MultiHeadAttention(numHeads: 2, keyDim: 3, dropout: 0.5, useBias: true, useCausalMask: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [3, 4]),
  Sample(MultiHeadAttention(numHeads: 2, keyDim: 2, valueDim: 3, outputDim: 5, dropout: 0.0, useBias: false, useCausalMask: false, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [3, 4], [2, 3], [2, 2]),
  Sample(LayerNormalization(axis: [-1], epsilon: 0.001, center: true, scale: true, rmsScaling: false, betaInitializer: .zeros, gammaInitializer: .ones, isTrainable: true), [3, 4]),
  Sample(LayerNormalization(axis: [1, 2], epsilon: 0.01, center: false, scale: true, rmsScaling: true, betaInitializer: .zeros, gammaInitializer: .ones, isTrainable: true), [2, 3]),
  Sample(SpatialDropout1D(rate: 0.5), [3, 4]),
  Sample(SpatialDropout2D(rate: 0.5, dataFormat: .channelsFirst), [3, 2, 2]),
  Sample(Cropping1D(cropping: [1, 2]), [5, 2]),
  Sample(Cropping2D(cropping: [[1, 0], [0, 2]], dataFormat: .channelsFirst), [2, 3, 4]),
  Sample(ZeroPadding1D(padding: [1, 2]), [2, 2]),
  Sample(ZeroPadding2D(padding: [[1, 0], [2, 1]], dataFormat: .channelsLast), [2, 2, 2]),
  Sample(UpSampling1D(size: 2), [3, 2]),
  Sample(UpSampling2D(size: [2, 1], dataFormat: .channelsFirst, interpolation: .nearest), [2, 2, 3]),
  Sample(UpSampling2D(size: [2, 3], dataFormat: .channelsLast, interpolation: .bilinear), [2, 3, 2]),
  Sample(Bidirectional(layer: LSTM(units: 2, activation: .tanh, recurrentActivation: .sigmoid, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, dropout: 0.5, recurrentDropout: 0.0, returnSequences: true, goBackwards: false, stateful: false, gateLayout: .fused, isTrainable: true), mergeMode: .concatenate), [3, 2]),
  Sample(Bidirectional(layer: GRU(units: 2, activation: .tanh, recurrentActivation: .sigmoid, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, resetAfter: true, dropout: 0.0, recurrentDropout: 0.0, returnSequences: false, goBackwards: false, stateful: false, gateLayout: .fused, isTrainable: true), mergeMode: .multiply), [3, 2]),
  Sample(TimeDistributed(layer: Conv2D(filters: 2, kernelSize: [2, 2], strides: [1, 1], padding: .valid, dataFormat: .channelsLast, dilationRate: [1, 1], groups: 1, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true)), [2, 3, 3, 2]),
  Sample(TimeDistributed(layer: BatchNormalization(axis: -1, momentum: 0.9, center: true, scale: true, betaInitializer: .zeros, movingMeanInitializer: .zeros, movingVarianceInitializer: .ones, mode: .moving, isTrainable: true)), [2, 3]),
  Sample(AlphaDropout(rate: 0.25), [3]),
  Sample(Dropout(rate: 0.5), [3]),
  Sample(GaussianDropout(rate: 0.5), [3]),
  Sample(GaussianNoise(stddev: 0.1), [3]),
  Sample(Flatten(dataFormat: .channelsFirst), [2, 3, 4]),
  Sample(Permute(dims: [2, 1]), [2, 3]),
  Sample(RepeatVector(n: 2), [3]),
  Sample(Reshape(targetShape: [3, -1]), [2, 6]),
  Sample(Highway(activation: .tanh, useBias: true, transformBias: -2.0, kernelInitializer: .glorotUniform, isTrainable: true), [3]),
  Sample(MaxoutDense(units: 2, features: 3, useBias: true, kernelInitializer: .glorotUniform, isTrainable: true), [4]),
  Sample(EinsumDense(equation: "abc,cde->abde", outputSizes: [-1, 2, 3], biasAxes: "e", activation: .tanh, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 4]),
  Sample(EinsumDense(equation: "...x,xy->...y", outputSizes: [3], activation: .linear, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 2, 4]),
  Sample(EinsumDense(equation: "abc,bcd->abd", outputSizes: [-1, 3], biasAxes: "bd", activation: .linear, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 4]),
  Sample(Identity(), [3]),
  Sample(ActivationLayer(activation: .glu), [4]),
  Sample(ParametricSoftplus(alpha: 0.2, beta: 5.0, sharedAxes: [1], isTrainable: true), [2, 3]),
  Sample(SReLU(tLeftInitializer: .zeros, aLeftInitializer: .glorotUniform, tRightInitializer: .glorotUniform, aRightInitializer: .ones, isTrainable: true), [3]),
  Sample(Cosine(), [4], [4]),
  Sample(Conv3D(filters: 2, kernelSize: [2, 2, 1], strides: [1, 1, 1], padding: .same, dataFormat: .channelsLast, dilationRate: [1, 1, 1], groups: 1, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 3, 2, 2]),
  Sample(Conv3D(filters: 2, kernelSize: [2, 1, 2], strides: [1, 2, 1], padding: .valid, dataFormat: .channelsFirst, dilationRate: [1, 1, 1], groups: 2, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 3, 2, 3]),
  Sample(Conv3D(filters: 2, kernelSize: [2, 1, 1], strides: [1, 1, 1], padding: .valid, dataFormat: .channelsFirst, dilationRate: [1, 1, 1], groups: 1, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, form: ConvolutionForm(kernel: .filtersFirst, isRotated: true, samePadding: .half, fans: .filters), isTrainable: true), [1, 3, 2, 2]),
  Sample(Conv3DTranspose(filters: 2, kernelSize: [2, 1, 2], strides: [2, 1, 1], padding: .same, dataFormat: .channelsLast, dilationRate: [1, 1, 1], activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 1, 2, 2]),
  Sample(LocallyConnected1D(filters: 2, kernelSize: [2], strides: [2], dataFormat: .channelsLast, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [5, 2]),
  Sample(LocallyConnected2D(filters: 2, kernelSize: [2, 1], strides: [1, 1], dataFormat: .channelsFirst, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [2, 3, 2]),
  Sample(MaxPooling3D(poolSize: [2, 2, 2], padding: .same, dataFormat: .channelsLast), [3, 4, 2, 2]),
  Sample(AveragePooling3D(poolSize: [2, 3, 1], strides: [1, 2, 1], padding: .same, dataFormat: .channelsFirst), [2, 3, 4, 2]),
  Sample(GlobalMaxPooling3D(dataFormat: .channelsLast, keepsDimensions: false), [2, 1, 2, 3]),
  Sample(GlobalAveragePooling3D(dataFormat: .channelsFirst, keepsDimensions: true), [3, 2, 1, 2]),
  Sample(Cropping3D(cropping: [[1, 0], [0, 1], [0, 0]], dataFormat: .channelsFirst), [2, 3, 3, 2]),
  Sample(ZeroPadding3D(padding: [[1, 0], [0, 1], [2, 0]], dataFormat: .channelsLast), [2, 1, 2, 2]),
  Sample(UpSampling3D(size: [2, 1, 3], dataFormat: .channelsLast), [2, 2, 1, 2]),
  Sample(SpatialDropout3D(rate: 0.5, dataFormat: .channelsLast), [2, 1, 2, 3]),
  Sample(ActivityRegularization(l1: 0.1, l2: 0.2), [3]),
  Sample(GroupNormalization(groups: 2, axis: -1, epsilon: 0.01, center: true, scale: true, betaInitializer: .zeros, gammaInitializer: .ones, isTrainable: true), [3, 4]),
  Sample(GroupNormalization(groups: -1, axis: 1, epsilon: 0.001, center: false, scale: true, betaInitializer: .zeros, gammaInitializer: .ones, isTrainable: true), [2, 3]),
  Sample(RMSNormalization(axis: [1, 2], epsilon: 1e-06, isTrainable: true), [2, 3]),
  Sample(UnitNormalization(axis: [-1]), [4]),
  Sample(Rescaling(scale: 0.5, offset: 1.0), [3]),
  Sample(Normalization(axis: [-1], mean: [1.0, 2.0], variance: [4.0, 1.0], invert: false), [3, 2]),
  Sample(Normalization(axis: [1], mean: [1.0, 2.0], variance: [4.0, 1.0], invert: true), [2, 3]),
  Sample(Attention(useScale: true, scoreMode: .dot, dropout: 0.5, useCausalMask: true, isTrainable: true), [3, 2], [4, 2]),
  Sample(Attention(useScale: true, scoreMode: .concatenated, dropout: 0.0, useCausalMask: false, isTrainable: true), [3, 2], [2, 4], [2, 2]),
  Sample(AdditiveAttention(useScale: true, dropout: 0.0, useCausalMask: false, isTrainable: true), [3, 2], [4, 2]),
  Sample(GroupedQueryAttention(headDim: 2, numQueryHeads: 4, numKeyValueHeads: 2, dropout: 0.0, useBias: true, useCausalMask: false, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), [3, 4]),
  Sample(ConvLSTM1D(filters: 2, kernelSize: [2], strides: [1], padding: .same, dataFormat: .channelsLast, dilationRate: [1], activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, recurrentInitializer: .orthogonal(gain: 1.0), biasInitializer: .zeros, unitForgetBias: true, dropout: 0.5, recurrentDropout: 0.5, returnSequences: true, goBackwards: false, stateful: false, isTrainable: true), [2, 3, 2]),
  Sample(ConvLSTM2D(filters: 1, kernelSize: [2, 1], strides: [1, 1], padding: .valid, dataFormat: .channelsLast, dilationRate: [1, 1], activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, recurrentInitializer: .orthogonal(gain: 1.0), biasInitializer: .zeros, unitForgetBias: true, dropout: 0.0, recurrentDropout: 0.0, returnSequences: false, goBackwards: true, stateful: false, isTrainable: true), [2, 3, 2, 2]),
  Sample(ConvLSTM2D(filters: 2, kernelSize: [1, 2], strides: [1, 1], padding: .same, dataFormat: .channelsFirst, dilationRate: [1, 1], activation: .tanh, useBias: false, kernelInitializer: .glorotUniform, recurrentInitializer: .orthogonal(gain: 1.0), biasInitializer: .zeros, unitForgetBias: true, dropout: 0.0, recurrentDropout: 0.0, returnSequences: true, goBackwards: false, stateful: false, isTrainable: true), [2, 1, 2, 2]),
  Sample(ConvLSTM3D(filters: 1, kernelSize: [1, 2, 1], strides: [1, 1, 1], padding: .valid, dataFormat: .channelsLast, dilationRate: [1, 1, 1], activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, recurrentInitializer: .orthogonal(gain: 1.0), biasInitializer: .zeros, unitForgetBias: true, dropout: 0.0, recurrentDropout: 0.0, returnSequences: false, goBackwards: false, stateful: false, isTrainable: true), [2, 1, 2, 1, 1]),
  Sample(AdaptiveAveragePooling1D(outputSize: [3], dataFormat: .channelsLast), [5, 2]),
  Sample(AdaptiveAveragePooling2D(outputSize: [2, 3], dataFormat: .channelsFirst), [2, 3, 4]),
  Sample(AdaptiveAveragePooling3D(outputSize: [1, 2, 2], dataFormat: .channelsLast), [2, 3, 2, 2]),
  Sample(AdaptiveMaxPooling1D(outputSize: [2], dataFormat: .channelsFirst), [2, 5]),
  Sample(AdaptiveMaxPooling2D(outputSize: [2, 1], dataFormat: .channelsLast), [3, 2, 2]),
  Sample(AdaptiveMaxPooling3D(outputSize: [2, 1, 3], dataFormat: .channelsLast), [2, 2, 3, 1]),
  Sample(CategoryEncoding(numTokens: 4, outputMode: .multiHot), [3], integersBelow: 4),
  Sample(CategoryEncoding(numTokens: 3, outputMode: .oneHot), [2, 1], integersBelow: 4),
  Sample(CenterCrop(height: 2, width: 1, dataFormat: .channelsLast), [3, 4, 2]),
  Sample(CenterCrop(height: 3, width: 4, dataFormat: .channelsFirst), [1, 2, 5]),
  Sample(Discretization(binBoundaries: [-0.4, 0.3], outputMode: .int), [4]),
  Sample(Resizing(height: 3, width: 2, interpolation: .bilinear, cropToAspectRatio: false, padToAspectRatio: false, dataFormat: .channelsLast), [2, 5, 2]),
  Sample(Resizing(height: 2, width: 4, interpolation: .nearest, cropToAspectRatio: true, padToAspectRatio: false, dataFormat: .channelsFirst), [1, 3, 3]),
  Sample(Resizing(height: 4, width: 2, interpolation: .bilinear, cropToAspectRatio: false, padToAspectRatio: true, dataFormat: .channelsLast), [2, 3, 1]),
  Sample(StackedRNNCells(layers: [SimpleRNN(units: 2, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, dropout: 0.5, recurrentDropout: 0.0, returnSequences: false, goBackwards: false, stateful: false, isTrainable: true), LSTM(units: 3, activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, dropout: 0.0, recurrentDropout: 0.0, returnSequences: false, goBackwards: false, stateful: false, isTrainable: true)], returnSequences: true, goBackwards: true), [3, 2]),
  Sample(SpectralNormalization(layer: Dense(units: 2, activation: .linear, useBias: true, kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true), powerIterations: 2), [3]),
]

extension Sample {
  /// Values without pattern between -1 and 1 (or integers), the same at every call.
  static func values(_ shape: Shape, seed: Int, below: Int32 = 0) -> Tensor {
    var state = UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    if below > 0 {
      return Tensor((0..<shape.count).map { _ in Int32(next() % UInt64(below)) }, shape: shape)
    }
    return Tensor(
      (0..<shape.count).map { _ in Float(next()) / Float(1 << 30) - 1 }, shape: shape)
  }

  /// The layer alone, resolved, with made-up inputs and weights.
  func chain(
    batch: Int, isTraining: Bool, under semantics: Semantics = .strata
  ) throws -> LayerChain {
    var resolved = layer
    resolved.resolve(under: semantics)
    var weights: [String: Tensor] = [:]
    for (index, spec) in try resolved.parameters(for: shapes).enumerated() {
      var value = Self.values(spec.shape, seed: 100 + index)
      if spec.name == "moving_variance" { value = value.square() + 0.5 }
      weights["0/\(spec.name)"] = value
    }
    let inputs = shapes.enumerated().map { index, shape in
      Self.values(shape.batched(batch), seed: index, below: integersBelow)
    }
    return try LayerChain(
      [resolved], inputs: inputs, weights: weights, isTraining: isTraining)
  }
}
