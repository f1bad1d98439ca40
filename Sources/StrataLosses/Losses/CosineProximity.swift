public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Cosine proximity: minus the cosine of the angle between target and prediction.
///
///     −Σ t/|t| · p/|p|       until Keras 2.0.8 the mean: divided by n
///     t, p [batch, …, n]    score [batch, …]
///
/// Keras since 0.3.2; `cosine_similarity` from tf.keras on, with the same sign.
public struct CosineProximity: Loss, Configurable {
  public static let name = "cosine_proximity"
  /// The axis of the vectors.
  public var axis: Int
  public var total: Total?
  public var norm: VectorNorm?
  public init(axis: Int = -1) { self.axis = axis }

  public enum Total: String, Sendable, Hashable, Codable { case mean, sum }

  public static let totalHistory = History(
    "cosineProximity.total", .loss, .trajectory, initially: Total.mean
  )
  .since(
    "2.0.9", .sum, "loss-cosine-proximity-mean-to-sum",
    "the sum over the axis: larger by the size of the output")

  public static var histories: [any AnyHistory] {
    [totalHistory, VectorNorm.history, VectorNorm.theanoHistory]
  }

  public static var settings: [Setting<CosineProximity>] {
    [
      .integer("axis", \.axis)
    ]
  }

  public mutating func resolve(under semantics: Semantics) {
    total.resolve(Self.totalHistory, semantics)
    if norm == nil { norm = VectorNorm.form(under: semantics) }
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let form = norm ?? .plain
    let product = form.unit(target, axis: axis) * form.unit(prediction, axis: axis)
    return total == .mean ? -product.mean(axes: [axis]) : -product.sum(axes: [axis])
  }
}

/// How a vector is brought to length 1.
public enum VectorNorm: String, Sendable, Hashable, Codable {
  /// `x / √Σx²`: a zero vector gives NaN.
  case plain
  /// `x / √max(Σx², 1e-7)`.
  case floorEpsilon
  /// `x / √max(Σx², 1e-12)`.
  case floorTensorFlow
  /// `x · min(1/√Σx², 1e7)`.
  case reciprocalCeiling

  /// On Theano.
  static let theanoHistory = History(
    "cosineProximity.norm", .loss, .trajectory, initially: VectorNorm.plain
  )
  .since(
    "2.1.0", .floorEpsilon, "theano-l2-normalize-epsilon", "a floor under the square of the length"
  )
  .on { $0.kind == .theano }

  /// On TensorFlow.
  public static let history = History(
    "cosineProximity.norm", .loss, .trajectory, initially: VectorNorm.floorTensorFlow
  )
  .since(
    "3.0.0", .reciprocalCeiling, "l2-normalize-reciprocal-ceiling",
    "a ceiling over the reciprocal of the length"
  )
  .on { $0.kind != .theano }

  static func form(under semantics: Semantics) -> VectorNorm {
    (semantics.backend.kind == .theano ? theanoHistory : history).value(under: semantics)
  }

  func unit(_ x: Tensor, axis: Int) -> Tensor {
    let square = x.square().sum(axes: [axis], keepingDimensions: true)
    return switch self {
    case .plain: x / square.squareRoot()
    case .floorEpsilon: x / square.atLeast(Epsilon.value).squareRoot()
    case .floorTensorFlow: x / square.atLeast(1e-12).squareRoot()
    case .reciprocalCeiling: x * Self.reciprocalLength(square)
    }
  }

  /// `min(1/√s, 1e7)`; at 0 the ceiling, without a gradient.
  private static func reciprocalLength(_ square: Tensor) -> Tensor {
    let isZero = square.isEqual(to: 0)
    let reciprocal = 1 / Tensor.select(isZero, 1, square).squareRoot()
    return .select(isZero, 1e7, .minimum(reciprocal, 1e7))
  }
}
