public import StrataCore
public import StrataTensor

/// Normalises the channels of each sample in groups: `y = gamma·(x - mean) / √(variance + epsilon) + beta`.
///
///     x [batch, …]    gamma, beta [channels]    y [batch, …]
///
/// Mean and variance are those of a group of channels over all other axes of the sample. `groups: -1`
/// is a group for each channel. Source: Wu & He 2018 (arXiv:1803.08494).
public struct GroupNormalization: Layer {
  public static let name = "GroupNormalization"
  public static let supportsMasking = true

  public var groups: Int
  /// Counted with the batch axis; negative from the end.
  public var axis: Int
  public var epsilon: Float
  public var center: Bool
  public var scale: Bool
  public var betaInitializer: Initializer
  public var gammaInitializer: Initializer
  public var betaRegularizer: Regularizer?
  public var gammaRegularizer: Regularizer?
  public var betaConstraint: Constraint?
  public var gammaConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    groups: Int = 32, axis: Int = -1, epsilon: Float = 1e-3, center: Bool = true,
    scale: Bool = true, betaInitializer: Initializer = .zeros,
    gammaInitializer: Initializer = .ones, betaRegularizer: Regularizer? = nil,
    gammaRegularizer: Regularizer? = nil, betaConstraint: Constraint? = nil,
    gammaConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.groups = groups
    self.axis = axis
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
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
    let channels = input[try position(of: axis, in: input)]
    let count = groups == -1 ? channels : groups
    guard count > 0, channels % count == 0 else {
      throw failure("groups that divide the \(channels) channels", "\(groups)")
    }
    return input
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let input = try outputShape(for: inputs)
    let channels = input[try position(of: axis, in: input)]
    let gamma = ParameterSpec(
      "gamma", [channels], gammaInitializer, regularizer: gammaRegularizer,
      constraint: gammaConstraint)
    let beta = ParameterSpec(
      "beta", [channels], betaInitializer, regularizer: betaRegularizer,
      constraint: betaConstraint)
    return (scale ? [gamma] : []) + (center ? [beta] : [])
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let axis = axis < 0 ? axis + x.rank : axis
    let channels = x.shape[axis]
    let count = groups == -1 ? channels : groups
    var sizes = x.shape.dimensions
    sizes.replaceSubrange(axis...axis, with: [count, channels / count])
    let grouped = x.reshaped(Shape(sizes))
    let axes = (1..<sizes.count).filter { $0 != axis }
    let centered = grouped - grouped.mean(axes: axes, keepingDimensions: true)
    let variance = centered.square().mean(axes: axes, keepingDimensions: true)
    var y = (centered / (variance + epsilon).squareRoot()).reshaped(x.shape)
    func along(_ parameter: Tensor) -> Tensor {
      parameter.reshaped(Shape((0..<x.rank).map { $0 == axis ? channels : 1 }))
    }
    if scale { y = y * along(context["gamma"]) }
    return center ? y + along(context["beta"]) : y
  }
}
