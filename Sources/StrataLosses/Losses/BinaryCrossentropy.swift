public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Crossentropy of yes and no, the mean over the last axis.
///
///     probabilities        −(t·log q + (1 − t)·log(1 − q))      q = clip(p, ε, 1 − ε), ε = 1e-7
///     shiftedLogarithms    −(t·log(q + ε) + (1 − t)·log(1 − q + ε))
///     foldedLogarithms     the same, 1 − q + ε computed as (1 + ε) − q
///     throughLogits        max(x, 0) − x·t + log1p(e^−|x|)      x = log(q / (1 − q))
///     fromLogits           the same with x = p
///     t, p [batch, …, n]    score [batch, …]
///
/// Under TensorFlow the limits do not matter where the prediction comes straight from a sigmoid: see
/// `LogitsRecovery`. `labelSmoothing` a (Keras 2.3.0 on): `t·(1 − a) + a/2`.
public struct BinaryCrossentropy: LogitsLoss, Configurable {
  public static let name = "binary_crossentropy"
  public static let link = LogitsLink.sigmoid
  public var fromLogits: Bool
  public var labelSmoothing: Float
  public var form: Form?

  public init(fromLogits: Bool = false, labelSmoothing: Float = 0) {
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public enum Form: String, Sendable, Hashable, Codable {
    case probabilities, shiftedLogarithms, foldedLogarithms, throughLogits
  }

  /// On TensorFlow; the other backends take the probabilities.
  public static let formHistory = History(
    "binaryCrossentropy.form", .loss, .trajectory, initially: Form.throughLogits
  )
  .since(
    "2.3.0", .foldedLogarithms, "loss-crossentropy-tf-backend-delegates",
    "epsilon is added inside the logarithms; the graph's constants are folded"
  )
  .since(
    "2.4.0", .shiftedLogarithms, "binary-crossentropy-eager",
    "constants are no longer folded: other values only where a prediction is 1"
  )
  .since(
    "3.0.0", .probabilities, "loss-crossentropy-no-logits-jax-torch",
    "no epsilon inside the logarithms")

  public static var histories: [any AnyHistory] { [formHistory, LogitsRecovery.history] }

  public static var settings: [Setting<BinaryCrossentropy>] {
    [
      .flag("from_logits", \.fromLogits), .number("label_smoothing", \.labelSmoothing),
    ]
  }

  public mutating func resolve(under semantics: Semantics) {
    guard form == nil else { return }
    let isTensorFlow = [.tensorflow, .native].contains(semantics.backend.kind)
    form = isTensorFlow ? Self.formHistory.value(under: semantics) : .probabilities
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let t = target.smoothed(labelSmoothing, classes: 2)
    return elements(t, prediction).mean(axes: [-1])
  }

  /// The crossentropy of each element.
  func elements(_ t: Tensor, _ p: Tensor) -> Tensor {
    if fromLogits { return Self.sigmoidCrossentropy(t, p) }
    let q = p.limited(Epsilon.value, Epsilon.below1)
    switch form ?? .probabilities {
    case .probabilities:
      return -(t * q.log() + (1 - t) * (1 - q).log())
    case .shiftedLogarithms:
      return -(t * (q + Epsilon.value).log() + (1 - t) * (1 - q + Epsilon.value).log())
    case .foldedLogarithms:
      return -(t * (q + Epsilon.value).log() + (1 - t) * ((1 + Epsilon.value) - q).log())
    case .throughLogits:
      return Self.sigmoidCrossentropy(t, (q / (1 - q)).log())
    }
  }

  /// `max(x, 0) − x·t + log1p(e^−|x|)`; the gradient is `sigmoid(x) − t` on both sides of 0.
  static func sigmoidCrossentropy(_ t: Tensor, _ x: Tensor) -> Tensor {
    let isPositive = x.isGreaterOrEqual(to: 0)
    let size = Tensor.select(isPositive, x, -x)
    return .select(isPositive, x, 0) - x * t + (-size).exp().log1p()
  }
}
