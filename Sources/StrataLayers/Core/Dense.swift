public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A fully connected layer: `y = activation(x·kernel + bias)`.
///
///     x [batch, …, inputSize]    kernel [inputSize, units]    bias [units]    y [batch, …, units]
///
/// `W` and `b` in files before Keras 2.
public struct Dense: ActivatedLayer {
  public static let name = "Dense"
  public static let supportsMasking = true

  public var units: Int
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
    units: Int, activation: Activation = .linear, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.units = units
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

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    try checkPositive(units, "units")
    guard input.rank >= 1 else { throw failure("input [..., features]", "\(input)") }
    return input.replacingLast(with: units)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let kernel = ParameterSpec(
      "kernel", [inputs[0].last, units], kernelInitializer, regularizer: kernelRegularizer,
      constraint: kernelConstraint)
    let bias = ParameterSpec(
      "bias", [units], biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func preActivation(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let product = inputs[0].matmul(context["kernel"])
    return useBias ? product + context["bias"] : product
  }
}
