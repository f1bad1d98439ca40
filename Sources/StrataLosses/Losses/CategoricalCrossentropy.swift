public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Crossentropy of a distribution over classes: `−Σ t·log q` over the last axis.
///
///     normaliseThenClip   q = clip(p / Σp, ε, 1 − ε)        ε = 1e-7
///     clipThenNormalise   q = clip(p, ε, 1 − ε), then q / Σq
///     fromLogits          q = softmax(p)
///     t, p [batch, …, n]    score [batch, …]
///
/// Outside the limits the gradient is 0. `labelSmoothing` a (Keras 2.3.0 on): `t·(1 − a) + a/n`.
public struct CategoricalCrossentropy: LogitsLoss, Configurable {
  public static let name = "categorical_crossentropy"
  public static let link = LogitsLink.softmax
  public var fromLogits: Bool
  public var labelSmoothing: Float
  public var form: Form?

  public init(fromLogits: Bool = false, labelSmoothing: Float = 0) {
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public enum Form: String, Sendable, Hashable, Codable {
    /// ε = 1e-15, which is 0 from above in Float32.
    case clipTinyThenNormalise
    case clipThenNormalise
    case normaliseThenClip
  }

  public static let formHistory = History(
    "categoricalCrossentropy.form", .loss, .trajectory, initially: Form.clipTinyThenNormalise
  )
  .since(
    "0.1.2", .clipThenNormalise, "loss-crossentropy-clip-1e-15-to-1e-7",
    "probabilities are limited to [1e-7, 1 - 1e-7]"
  )
  .since(
    "0.3.0", .normaliseThenClip, "loss-crossentropy-renormalise-before-clip",
    "probabilities are normalised before they are limited")

  public static var histories: [any AnyHistory] { [formHistory, LogitsRecovery.history] }

  public static var settings: [Setting<CategoricalCrossentropy>] {
    [
      .flag("from_logits", \.fromLogits), .number("label_smoothing", \.labelSmoothing),
    ]
  }

  public mutating func resolve(under semantics: Semantics) {
    form.resolve(Self.formHistory, semantics)
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let t = target.smoothed(labelSmoothing, classes: target.shape.last)
    return -(t * logProbabilities(prediction)).sum(axes: [-1])
  }

  private func logProbabilities(_ p: Tensor) -> Tensor {
    if fromLogits { return p.logSoftmax() }
    return switch form ?? .normaliseThenClip {
    case .clipTinyThenNormalise: p.limited(1e-15, 1).normalised().log()
    case .clipThenNormalise: p.limited(Epsilon.value, Epsilon.below1).normalised().log()
    case .normaliseThenClip: p.normalised().limited(Epsilon.value, Epsilon.below1).log()
    }
  }
}
