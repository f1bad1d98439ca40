public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A convolution of every channel by its own kernels: `y = activation(x ⋆ kernel + bias)`.
///
///     x [batch, length, channels]    depthwise_kernel [size, channels, multiplier]
///     bias [channels·multiplier]    y [batch, outLength, channels·multiplier]
///
/// Channel c gives the channels from `c·multiplier` of the result.
public struct DepthwiseConv1D: Layer {
  public static let name = "DepthwiseConv1D"

  public var kernelSize: [Int]
  public var strides: [Int]
  public var padding: Padding
  public var depthMultiplier: Int
  public var dataFormat: DataFormat
  public var dilationRate: [Int]
  public var activation: Activation
  public var useBias: Bool
  public var depthwiseInitializer: Initializer
  public var biasInitializer: Initializer
  public var depthwiseRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var depthwiseConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    kernelSize: [Int], strides: [Int] = [1], padding: Padding = .valid,
    depthMultiplier: Int = 1, dataFormat: DataFormat = .channelsLast,
    dilationRate: [Int] = [1], activation: Activation = .linear, useBias: Bool = true,
    depthwiseInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    depthwiseRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, depthwiseConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.depthMultiplier = depthMultiplier
    self.dataFormat = dataFormat
    self.dilationRate = dilationRate
    self.activation = activation
    self.useBias = useBias
    self.depthwiseInitializer = depthwiseInitializer
    self.biasInitializer = biasInitializer
    self.depthwiseRegularizer = depthwiseRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.depthwiseConstraint = depthwiseConstraint
    self.biasConstraint = biasConstraint
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
  }

  private func settings(_ input: Shape) -> ConvolutionSettings {
    .depthwise(
      input, multiplier: depthMultiplier, kernelSize: kernelSize, strides: strides,
      padding: padding, dataFormat: dataFormat, dilationRate: dilationRate)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    try checkPositive(depthMultiplier, "depthMultiplier")
    try checkAxes([("kernelSize", kernelSize)], 1)
    return try settings(input).outputShape(input, of: self)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let output = try outputShape(for: inputs)
    let channels = dataFormat.last(inputs[0]).last
    let kernel = ParameterSpec(
      "depthwise_kernel", Shape(kernelSize + [channels, depthMultiplier]), depthwiseInitializer,
      regularizer: depthwiseRegularizer, constraint: depthwiseConstraint)
    let bias = ParameterSpec(
      "bias", [dataFormat.last(output).last], biasInitializer, regularizer: biasRegularizer,
      constraint: biasConstraint)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    return activation(
      settings(x.shape.droppingFirst()).depthwise(
        x, kernel: context["depthwise_kernel"], bias: useBias ? context["bias"] : nil))
  }
}
