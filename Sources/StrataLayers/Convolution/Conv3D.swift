public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A convolution of volumes: `y = activation(x ⋆ kernel + bias)`.
///
///     x [batch, depth, height, width, channels]
///     kernel [planes, rows, columns, channels/groups, filters]    bias [filters]
///     y [batch, outDepth, outHeight, outWidth, filters]
///
/// With channels first, x is `[batch, channels, depth, height, width]` and y likewise. The kernel is
/// kept as `ConvolutionForm` says. `Convolution3D` with `W` and `b` in files before Keras 2.
public struct Conv3D: Layer {
  public static let name = "Conv3D"

  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var padding: Padding
  public var dataFormat: DataFormat
  public var dilationRate: [Int]
  public var groups: Int
  public var activation: Activation
  public var useBias: Bool
  public var kernelInitializer: Initializer
  public var biasInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var form: ConvolutionForm?
  public var isTrainable: Bool

  public init(
    filters: Int, kernelSize: [Int], strides: [Int] = [1, 1, 1], padding: Padding = .valid,
    dataFormat: DataFormat = .channelsLast, dilationRate: [Int] = [1, 1, 1], groups: Int = 1,
    activation: Activation = .linear, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, form: ConvolutionForm? = nil, isTrainable: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dataFormat = dataFormat
    self.dilationRate = dilationRate
    self.groups = groups
    self.activation = activation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.biasConstraint = biasConstraint
    self.form = form
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
    if form == nil { form = ConvolutionForm(semantics, rank: 3, dataFormat) }
  }

  private var settings: ConvolutionSettings {
    ConvolutionSettings(
      filters: filters, kernelSize: kernelSize, strides: strides, padding: padding,
      dataFormat: dataFormat, dilationRate: dilationRate, groups: groups)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard kernelSize.count == 3 else { throw failure("kernelSize of 3 numbers", "\(kernelSize)") }
    return try settings.outputShape(input, of: self)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let weights = WeightSettings(
      initializer: kernelInitializer, regularizer: kernelRegularizer,
      constraint: kernelConstraint)
    let kernel = (form ?? .modern).spec(
      weights, kernelSize, inputs: dataFormat.last(inputs[0]).last / groups, outputs: filters)
    let bias = ParameterSpec(
      "bias", [filters], biasInitializer, regularizer: biasRegularizer,
      constraint: biasConstraint)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let form = context.resolved(form, "form", else: .modern)
    return activation(
      settings.apply(
        inputs[0], kernel: context["kernel"], bias: useBias ? context["bias"] : nil, form))
  }
}
