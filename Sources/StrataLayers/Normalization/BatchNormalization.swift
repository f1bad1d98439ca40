public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Normalises each feature by the statistics of the batch in training, by moving ones at inference.
///
///     y = gamma·(x - mean) / √(variance + epsilon) + beta
///
///     x [batch, …]    gamma, beta, moving_mean, moving_variance [size of axis]    y [batch, …]
///
/// The releases differ in where epsilon enters and in what is kept: see `Formula`. `running_mean` and
/// `running_std` in files before Keras 2. Source: Ioffe & Szegedy 2015 (arXiv:1502.03167).
public struct BatchNormalization: Layer {
  public static let name = "BatchNormalization"
  public static let supportsMasking = true

  /// Counted with the batch axis; negative from the end.
  public var axis: Int
  public var momentum: Float?
  public var epsilon: Float?
  public var center: Bool
  public var scale: Bool
  public var betaInitializer: Initializer
  public var gammaInitializer: Initializer?
  public var movingMeanInitializer: Initializer
  public var movingVarianceInitializer: Initializer
  public var betaRegularizer: Regularizer?
  public var gammaRegularizer: Regularizer?
  public var betaConstraint: Constraint?
  public var gammaConstraint: Constraint?
  public var mode: Mode
  public var formula: Formula?
  public var sampleDeviation: SampleDeviation?
  public var frozen: Frozen?
  public var averaging: MovingAverage?
  public var isTrainable: Bool

  public init(
    axis: Int = -1, momentum: Float? = nil, epsilon: Float? = nil, center: Bool = true,
    scale: Bool = true, betaInitializer: Initializer = .zeros,
    gammaInitializer: Initializer? = nil, movingMeanInitializer: Initializer = .zeros,
    movingVarianceInitializer: Initializer = .ones, betaRegularizer: Regularizer? = nil,
    gammaRegularizer: Regularizer? = nil, betaConstraint: Constraint? = nil,
    gammaConstraint: Constraint? = nil, mode: Mode = .moving, formula: Formula? = nil,
    sampleDeviation: SampleDeviation? = nil, frozen: Frozen? = nil,
    averaging: MovingAverage? = nil, isTrainable: Bool = true
  ) {
    self.axis = axis
    self.momentum = momentum
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
    self.betaInitializer = betaInitializer
    self.gammaInitializer = gammaInitializer
    self.movingMeanInitializer = movingMeanInitializer
    self.movingVarianceInitializer = movingVarianceInitializer
    self.betaRegularizer = betaRegularizer
    self.gammaRegularizer = gammaRegularizer
    self.betaConstraint = betaConstraint
    self.gammaConstraint = gammaConstraint
    self.mode = mode
    self.formula = formula
    self.sampleDeviation = sampleDeviation
    self.frozen = frozen
    self.averaging = averaging
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    momentum.resolve(Self.momentumHistory, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    gammaInitializer.resolve(Self.gammaInitializerHistory, semantics)
    sampleDeviation.resolve(Self.sampleDeviationHistory, semantics)
    frozen.resolve(Self.frozenHistory, semantics)
    if formula == nil { formula = Self.formula(under: semantics) }
    if averaging == nil { averaging = Self.averaging(under: semantics) }
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    _ = try featurePosition(input)
    return input
  }

  private func featurePosition(_ input: Shape) throws(LayerError) -> Int {
    try position(of: mode == .perSample ? -1 : axis, in: input)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let input = try single(inputs)
    let shape: Shape = [input[try featurePosition(input)]]
    let gamma = ParameterSpec(
      "gamma", shape, gammaInitializer ?? .ones, regularizer: gammaRegularizer,
      constraint: gammaConstraint)
    let beta = ParameterSpec(
      "beta", shape, betaInitializer, regularizer: betaRegularizer, constraint: betaConstraint)
    return (scale ? [gamma] : []) + (center ? [beta] : []) + [
      ParameterSpec("moving_mean", shape, movingMeanInitializer, isTrainable: false),
      ParameterSpec("moving_variance", shape, movingVarianceInitializer, isTrainable: false),
    ] + debiasingState(shape)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    switch mode {
    case .perSample: return normalizedSamples(x, context)
    case .batch: return normalizedBatch(x, context, updating: false)
    case .moving:
      let frozen = context.resolved(self.frozen, "frozen", else: .normalizesByMoving)
      guard context.isTraining, isTrainable || frozen != .normalizesByMoving else {
        let (mean, variance) = (context["moving_mean"], context["moving_variance"])
        return normalized(x, mean: along(mean, x), statistic: along(variance, x), context)
      }
      return normalizedBatch(
        x, context, updating: isTrainable || frozen == .updatesStatistics)
    }
  }
}
