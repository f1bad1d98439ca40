public import StrataCore
public import StrataTensor

/// Normalises each sample over some axes: `y = gamma·(x - mean) / √(variance + epsilon) + beta`.
///
///     x [batch, …]    gamma, beta [sizes of the axes]    y [batch, …]
///
/// With `rmsScaling`, mean and beta are left out: `y = gamma·x / √(variance + epsilon)`.
/// Source: Ba et al. 2016 (arXiv:1607.06450).
public struct LayerNormalization: Layer {
  public static let name = "LayerNormalization"
  public static let supportsMasking = true

  /// Counted with the batch axis; negative from the end.
  public var axis: [Int]
  public var epsilon: Float
  public var center: Bool
  public var scale: Bool
  public var rmsScaling: Bool
  public var betaInitializer: Initializer
  public var gammaInitializer: Initializer
  public var betaRegularizer: Regularizer?
  public var gammaRegularizer: Regularizer?
  public var betaConstraint: Constraint?
  public var gammaConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    axis: [Int] = [-1], epsilon: Float = 1e-3, center: Bool = true, scale: Bool = true,
    rmsScaling: Bool = false, betaInitializer: Initializer = .zeros,
    gammaInitializer: Initializer = .ones, betaRegularizer: Regularizer? = nil,
    gammaRegularizer: Regularizer? = nil, betaConstraint: Constraint? = nil,
    gammaConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.axis = axis
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
    self.rmsScaling = rmsScaling
    self.betaInitializer = betaInitializer
    self.gammaInitializer = gammaInitializer
    self.betaRegularizer = betaRegularizer
    self.gammaRegularizer = gammaRegularizer
    self.betaConstraint = betaConstraint
    self.gammaConstraint = gammaConstraint
    self.isTrainable = isTrainable
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard !axis.isEmpty else { throw failure("at least one axis", "none") }
    for one in axis { _ = try position(of: one, in: input) }
    return input
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let input = try outputShape(for: inputs)
    let shape = Shape(axes(input).map { input[$0] })
    let gamma = ParameterSpec(
      "gamma", shape, gammaInitializer, regularizer: gammaRegularizer,
      constraint: gammaConstraint)
    let beta = ParameterSpec(
      "beta", shape, betaInitializer, regularizer: betaRegularizer, constraint: betaConstraint)
    return (scale || rmsScaling ? [gamma] : []) + (center && !rmsScaling ? [beta] : [])
  }

  /// The axes as indices of a shape without the batch axis, in order.
  private func axes(_ input: Shape) -> [Int] {
    Set(axis.map { $0 < 0 ? $0 + input.rank : $0 - 1 }).sorted()
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let axes = axes(x.shape.droppingFirst()).map { $0 + 1 }
    func along(_ parameter: Tensor) -> Tensor {
      let sizes = (0..<x.rank).map { axes.contains($0) ? x.shape[$0] : 1 }
      return parameter.reshaped(Shape(sizes))
    }
    let mean = x.mean(axes: axes, keepingDimensions: true)
    let centered = x - mean
    let variance = centered.square().mean(axes: axes, keepingDimensions: true)
    let inverse = 1 / (variance + epsilon).squareRoot()
    if rmsScaling { return x * inverse * along(context["gamma"]) }
    var y = centered * inverse
    if scale { y = y * along(context["gamma"]) }
    return center ? y + along(context["beta"]) : y
  }
}
