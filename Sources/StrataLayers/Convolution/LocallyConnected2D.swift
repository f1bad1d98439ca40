public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A convolution with a kernel of its own for every place: `y = activation(window·kernelₚ + biasₚ)`.
///
///     x [batch, height, width, channels]    kernel [places, rows·columns·channels, filters]
///     bias [outHeight, outWidth, filters]    y [batch, outHeight, outWidth, filters]
///
/// With channels first, a kernel's rows are in the order (channel, row, column), and the bias is read
/// as `[filters, outHeight, outWidth]` without being transposed, as Keras does.
public struct LocallyConnected2D: Layer {
  public static let name = "LocallyConnected2D"

  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var dataFormat: DataFormat
  public var activation: Activation
  public var useBias: Bool
  public var kernelInitializer: Initializer
  public var biasInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    filters: Int, kernelSize: [Int], strides: [Int] = [1, 1],
    dataFormat: DataFormat = .channelsLast, activation: Activation = .linear, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.dataFormat = dataFormat
    self.activation = activation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.biasConstraint = biasConstraint
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
  }

  private var settings: ConvolutionSettings {
    ConvolutionSettings(
      filters: filters, kernelSize: kernelSize, strides: strides, padding: .valid,
      dataFormat: dataFormat, dilationRate: [1, 1], groups: 1)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard kernelSize.count == 2 else {
      throw failure("kernelSize of 2 numbers", "\(kernelSize)")
    }
    return try settings.outputShape(input, of: self)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let output = dataFormat.last(try outputShape(for: inputs))
    let taps = kernelSize.reduce(dataFormat.last(inputs[0]).last, *)
    let places = output.dimensions.dropLast()
    let kernel = ParameterSpec(
      "kernel", [places.reduce(1, *), taps, filters], kernelInitializer,
      regularizer: kernelRegularizer, constraint: kernelConstraint)
    let bias = ParameterSpec(
      "bias", output, biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let y = settings.local(inputs[0], kernel: context["kernel"])
    guard useBias else { return activation(y) }
    return activation(y + context["bias"].reshaped(y.shape.droppingFirst()))
  }
}
