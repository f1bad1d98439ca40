public import StrataCore
public import StrataTensor

/// The largest of several linear layers, output by output: `y = maxₖ (x·kernelₖ + biasₖ)`.
///
///     x [batch, n]    kernel [features, n, units]    bias [features, units]    y [batch, units]
///
/// `W` and `b` in files; Keras 0 and 1 only. Source: Goodfellow et al. 2013 (arXiv:1302.4389).
public struct MaxoutDense: Layer {
  public static let name = "MaxoutDense"

  public var units: Int
  /// How many linear layers there are; `nb_feature` in files.
  public var features: Int
  public var useBias: Bool
  public var kernelInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    units: Int, features: Int = 4, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, kernelRegularizer: Regularizer? = nil,
    biasRegularizer: Regularizer? = nil, activityRegularizer: Regularizer? = nil,
    kernelConstraint: Constraint? = nil, biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.units = units
    self.features = features
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.biasConstraint = biasConstraint
    self.isTrainable = isTrainable
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    try checkPositive(units, "units")
    try checkPositive(features, "features")
    guard input.rank == 1 else { throw failure("input [features]", "\(input)") }
    return [units]
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let shape: Shape = [features, inputs[0].last, units]
    let kernel = ParameterSpec(
      "kernel", shape, kernelInitializer,
      regularizer: kernelRegularizer, constraint: kernelConstraint)
    let bias = ParameterSpec(
      "bias", [features, units], .zeros, regularizer: biasRegularizer, constraint: biasConstraint)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let (x, kernel) = (inputs[0], context["kernel"])
    let matrix = kernel.transposed([1, 0, 2]).reshaped([x.shape[1], features * units])
    var y = x.matmul(matrix).reshaped([x.shape[0], features, units])
    if useBias { y = y + context["bias"] }
    return y.max(axes: [1])
  }
}
