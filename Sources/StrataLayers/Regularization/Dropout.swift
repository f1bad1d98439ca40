public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Zeroes a random fraction of the elements in training: `y = x·B / (1 - rate)`, B ~ Bernoulli(1 - rate).
///
///     x [batch, …]    y [batch, …]
///
/// Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
public struct Dropout: Layer, Versioned {
  public static let name = "Dropout"
  public static let supportsMasking = true

  /// How the dropped elements are made up for.
  public enum Scaling: String, Sendable, Hashable, Codable {
    /// Training: x·B; inference: x·(1 - rate).
    case atInference
    /// Training: x·B / (1 - rate); inference: x.
    case inverted
  }

  /// `p` before Keras 2.
  public var rate: Float
  public var scaling: Scaling?

  public init(rate: Float, scaling: Scaling? = nil) {
    self.rate = rate
    self.scaling = scaling
  }

  public static let scalingHistory = History<Scaling>(
    "dropout.scaling", .layer, .trajectory, initially: .atInference
  )
  .since(
    "0.3.0", .inverted, "dropout-inverted",
    "Kept elements are divided by 1 - rate in training instead of all being scaled at inference.")

  public static var histories: [any AnyHistory] { [scalingHistory] }

  public mutating func resolve(under semantics: Semantics) {
    scaling.resolve(Self.scalingHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkRate(rate, "rate")
    return try single(inputs)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let (x, keep) = (inputs[0], 1 - rate)
    guard rate > 0 else { return x }
    let isInverted = context.resolved(scaling, "scaling", else: .inverted) == .inverted
    guard context.isTraining else { return isInverted ? x : x * keep }
    let kept = x * context.random(.bernoulli(keep: keep), shape: x.shape)
    return isInverted ? kept / keep : kept
  }
}
