public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A depthwise convolution, then a mixing of channels.
///
///     y = activation((x ⋆ depthwise_kernel)·pointwise_kernel + bias)
///
///     x [batch, length, channels]    y [batch, outLength, filters]
///     depthwise_kernel [size, channels, multiplier]
///     pointwise_kernel [1, channels·multiplier, filters]    bias [filters]
public struct SeparableConv1D: Layer {
  public static let name = "SeparableConv1D"

  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var padding: Padding
  public var depthMultiplier: Int
  public var dataFormat: DataFormat
  public var dilationRate: [Int]
  public var activation: Activation
  public var useBias: Bool
  public var depthwiseInitializer: Initializer
  public var pointwiseInitializer: Initializer
  public var biasInitializer: Initializer
  public var depthwiseRegularizer: Regularizer?
  public var pointwiseRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var depthwiseConstraint: Constraint?
  public var pointwiseConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    filters: Int, kernelSize: [Int], strides: [Int] = [1], padding: Padding = .valid,
    depthMultiplier: Int = 1, dataFormat: DataFormat = .channelsLast,
    dilationRate: [Int] = [1], activation: Activation = .linear, useBias: Bool = true,
    depthwiseInitializer: Initializer = .glorotUniform,
    pointwiseInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    depthwiseRegularizer: Regularizer? = nil, pointwiseRegularizer: Regularizer? = nil,
    biasRegularizer: Regularizer? = nil, activityRegularizer: Regularizer? = nil,
    depthwiseConstraint: Constraint? = nil, pointwiseConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.depthMultiplier = depthMultiplier
    self.dataFormat = dataFormat
    self.dilationRate = dilationRate
    self.activation = activation
    self.useBias = useBias
    self.depthwiseInitializer = depthwiseInitializer
    self.pointwiseInitializer = pointwiseInitializer
    self.biasInitializer = biasInitializer
    self.depthwiseRegularizer = depthwiseRegularizer
    self.pointwiseRegularizer = pointwiseRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.depthwiseConstraint = depthwiseConstraint
    self.pointwiseConstraint = pointwiseConstraint
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
    try checkPositive(filters, "filters")
    try checkPositive(depthMultiplier, "depthMultiplier")
    try checkAxes([("kernelSize", kernelSize)], 1)
    let between = dataFormat.last(try settings(input).outputShape(input, of: self))
    return dataFormat.restored(between.replacingLast(with: filters))
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let channels = dataFormat.last(inputs[0]).last
    let depthwise = ParameterSpec(
      "depthwise_kernel", Shape(kernelSize + [channels, depthMultiplier]), depthwiseInitializer,
      regularizer: depthwiseRegularizer, constraint: depthwiseConstraint)
    let pointwise = ParameterSpec(
      "pointwise_kernel", Shape([1] + [channels * depthMultiplier, filters]),
      pointwiseInitializer, regularizer: pointwiseRegularizer, constraint: pointwiseConstraint)
    let bias = ParameterSpec(
      "bias", [filters], biasInitializer, regularizer: biasRegularizer,
      constraint: biasConstraint)
    return [depthwise, pointwise] + (useBias ? [bias] : [])
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let between = settings(x.shape.droppingFirst()).depthwise(
      x, kernel: context["depthwise_kernel"], bias: nil)
    let mixing = ConvolutionSettings(
      filters: filters, kernelSize: [1], strides: [1], padding: .valid,
      dataFormat: dataFormat, dilationRate: [1], groups: 1)
    return activation(
      mixing.apply(
        between, kernel: context["pointwise_kernel"], bias: useBias ? context["bias"] : nil,
        .modern))
  }
}
