public import StrataCore
public import StrataSemantics
public import StrataTensor

/// The transpose of a convolution of volumes.
///
///     x [batch, depth, height, width, channels]    kernel [planes, rows, columns, filters, channels]
///     bias [filters]    y [batch, outDepth, outHeight, outWidth, filters]
///
/// Sizes are those of `Conv2DTranspose`.
public struct Conv3DTranspose: Layer {
  public static let name = "Conv3DTranspose"

  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var padding: Padding
  public var outputPadding: [Int]?
  public var dataFormat: DataFormat
  public var dilationRate: [Int]
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
    filters: Int, kernelSize: [Int], strides: [Int] = [1, 1, 1], padding: Padding = .valid,
    outputPadding: [Int]? = nil, dataFormat: DataFormat = .channelsLast,
    dilationRate: [Int] = [1, 1, 1], activation: Activation = .linear, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.outputPadding = outputPadding
    self.dataFormat = dataFormat
    self.dilationRate = dilationRate
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

  private var windows: [AxisWindow] {
    kernelSize.indices.map {
      AxisWindow(size: kernelSize[$0], stride: strides[$0], dilation: dilationRate[$0])
    }
  }

  /// The spatial sizes of the result.
  private func sizes(_ image: Shape) -> [Int] {
    windows.enumerated().map { axis, window in
      window.transposedOutput(image[axis], padding, outputPadding.map { $0[axis] })
    }
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    try checkPositive(filters, "filters")
    try checkAxes([("kernelSize", kernelSize), ("strides", strides)], 3)
    try checkAxes([("dilationRate", dilationRate)], 3)
    guard padding == .valid || padding == .same else {
      throw failure("padding valid or same", padding.rawValue)
    }
    guard outputPadding?.count ?? 3 == 3 else {
      throw failure("outputPadding of 3 numbers", "\(outputPadding ?? [])")
    }
    let image = try image(input, 3, dataFormat)
    let sizes = sizes(image)
    for axis in 0..<3 where windows[axis].output(sizes[axis], padding) != image[axis] {
      throw failure("outputPadding below the stride", "\(outputPadding ?? [])")
    }
    return dataFormat.restored(Shape(sizes + [filters]))
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let channels = dataFormat.last(inputs[0]).last
    let kernel = ParameterSpec(
      "kernel", Shape(kernelSize + [filters, channels]), kernelInitializer,
      regularizer: kernelRegularizer, constraint: kernelConstraint)
    let bias = ParameterSpec(
      "bias", [filters], biasInitializer, regularizer: biasRegularizer,
      constraint: biasConstraint)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = dataFormat.last(inputs[0])
    let sizes = sizes(x.shape.droppingFirst())
    let axes = zip(windows, sizes).map { $0.placed($1, padding, .least) }
    var y = x.spread(context["kernel"], axes, sizes: sizes)
    if useBias { y = y + context["bias"] }
    return activation(dataFormat.restored(y))
  }
}
