public import StrataCore
public import StrataTensor

/// A softplus whose height and steepness are learnt: `y = alpha·log(1 + exp(beta·x))`.
///
///     x [batch, …]    alphas, betas: the shape of x with 1 along `sharedAxes`    y [batch, …]
///
/// Keras 0 and 1 only.
public struct ParametricSoftplus: Layer {
  public static let name = "ParametricSoftplus"
  public static let supportsMasking = true

  /// What every alpha starts from.
  public var alpha: Float
  /// What every beta starts from.
  public var beta: Float
  /// Axes along which one pair serves, counted with the batch axis (so from 1).
  public var sharedAxes: [Int]?
  public var isTrainable: Bool

  public init(
    alpha: Float = 0.2, beta: Float = 5, sharedAxes: [Int]? = nil, isTrainable: Bool = true
  ) {
    self.alpha = alpha
    self.beta = beta
    self.sharedAxes = sharedAxes
    self.isTrainable = isTrainable
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let shape = try elementShape(inputs, sharedAxes: sharedAxes)
    return [
      ParameterSpec("alphas", shape, .constant(alpha)),
      ParameterSpec("betas", shape, .constant(beta)),
    ]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    Formulas.softplus(context["betas"] * inputs[0]) * context["alphas"]
  }
}
