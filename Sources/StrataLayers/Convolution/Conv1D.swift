public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A convolution of sequences: `y = activation(x ⋆ kernel + bias)`.
///
///     x [batch, length, channels]    kernel [size, channels/groups, filters]
///     bias [filters]    y [batch, outLength, filters]
///
/// With channels first, x is `[batch, channels, length]` and y likewise. How the kernel is kept and
/// whether it is rotated follows the release: see `ConvolutionForm`. `Convolution1D` with `W` and
/// `b` in files before Keras 2.
public struct Conv1D: Layer {
  public static let name = "Conv1D"

  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var padding: Padding
  public var dataFormat: DataFormat
  public var dilationRate: [Int]
  public var groups: Int
  public var activation: Activation
  public var useBias: Bool
  /// nil: the release's own.
  public var kernelInitializer: Initializer?
  public var biasInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var form: ConvolutionForm?
  public var isTrainable: Bool

  public init(
    filters: Int, kernelSize: [Int], strides: [Int] = [1], padding: Padding = .valid,
    dataFormat: DataFormat = .channelsLast, dilationRate: [Int] = [1], groups: Int = 1,
    activation: Activation = .linear, useBias: Bool = true,
    kernelInitializer: Initializer? = nil, biasInitializer: Initializer = .zeros,
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
    kernelInitializer.resolve(Self.kernelInitializerHistory, semantics)
    if form == nil { form = ConvolutionForm(semantics, rank: 1, dataFormat) }
  }

  private var settings: ConvolutionSettings {
    ConvolutionSettings(
      filters: filters, kernelSize: kernelSize, strides: strides, padding: padding,
      dataFormat: dataFormat, dilationRate: dilationRate, groups: groups)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard kernelSize.count == 1 else { throw failure("kernelSize of 1 numbers", "\(kernelSize)") }
    return try settings.outputShape(input, of: self)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let weights = WeightSettings(
      initializer: kernelInitializer ?? .glorotUniform, regularizer: kernelRegularizer,
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

extension Conv1D: Versioned {
  public static let kernelInitializerHistory = History<Initializer>(
    "conv1D.kernelInitializer", .initializer, .trajectory, initially: .uniform(scale: 0.05)
  )
  .since(
    "1.1.2", .glorotUniform, "init-conv1d-uniform-to-glorot",
    "Kernels start by Glorot's rule, no longer from U(-0.05, 0.05).")

  public static var histories: [any AnyHistory] {
    [ConvolutionForm.kernel1DHistory, kernelInitializerHistory]
  }
}
