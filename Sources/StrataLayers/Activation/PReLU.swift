public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A rectifier whose slope below 0 is learnt: `y = relu(x) + alpha·(x - |x|)/2`.
///
///     x [batch, …]    alpha: the shape of x with 1 along `sharedAxes`    y [batch, …]
///
/// `alphas` in files before Keras 2. Source: He et al. 2015 (arXiv:1502.01852).
public struct PReLU: Layer {
  public static let name = "PReLU"
  public static let supportsMasking = true

  public var alphaInitializer: Initializer
  public var alphaRegularizer: Regularizer?
  public var alphaConstraint: Constraint?
  /// Axes along which one slope serves, counted with the batch axis (so from 1).
  public var sharedAxes: [Int]?
  public var form: RectifierForm?
  public var isTrainable: Bool

  public init(
    alphaInitializer: Initializer = .zeros, alphaRegularizer: Regularizer? = nil,
    alphaConstraint: Constraint? = nil, sharedAxes: [Int]? = nil, form: RectifierForm? = nil,
    isTrainable: Bool = true
  ) {
    self.form = form
    self.alphaInitializer = alphaInitializer
    self.alphaRegularizer = alphaRegularizer
    self.alphaConstraint = alphaConstraint
    self.sharedAxes = sharedAxes
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    form = form ?? .of(semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    var shape = try single(inputs)
    for axis in sharedAxes ?? [] { shape[try position(of: axis, in: shape)] = 1 }
    return [
      ParameterSpec(
        "alpha", shape, alphaInitializer, regularizer: alphaRegularizer,
        constraint: alphaConstraint)
    ]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard form == .byHalves else {
      return Tensor.select(x.isGreater(than: 0), x, context["alpha"] * x)
    }
    return Formulas.positive(x) + context["alpha"] * Formulas.negative(x)
  }
}
