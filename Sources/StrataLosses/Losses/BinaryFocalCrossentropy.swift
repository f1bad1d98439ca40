public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Binary crossentropy that weighs easy elements less: the mean over the last axis of
/// `(1 − pₜ)^γ · crossentropy`, with `pₜ = t·p + (1 − t)·(1 − p)`.
///
///     t, p [batch, …, n]    score [batch, …]
///
/// With `balancing`, elements are multiplied by `t·α + (1 − t)·(1 − α)`.
///
/// Source: Lin et al. 2017 (arXiv:1708.02002); tf.keras since 2.9.
public struct BinaryFocalCrossentropy: Loss, Configurable {
  public static let name = "binary_focal_crossentropy"
  public var balancing: Bool
  public var alpha: Float
  public var gamma: Float
  public var fromLogits: Bool
  public var labelSmoothing: Float
  public var form: BinaryCrossentropy.Form?
  /// Whether the crossentropy is computed from the logits; the focal factor never is.
  public var keepsLogits: Bool?

  public init(
    balancing: Bool = false, alpha: Float = 0.25, gamma: Float = 2, fromLogits: Bool = false,
    labelSmoothing: Float = 0
  ) {
    self.balancing = balancing
    self.alpha = alpha
    self.gamma = gamma
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public static var histories: [any AnyHistory] { [BinaryCrossentropy.formHistory] }

  public static var settings: [Setting<BinaryFocalCrossentropy>] {
    [
      .flag("apply_class_balancing", \.balancing), .number("alpha", \.alpha),
      .number("gamma", \.gamma), .flag("from_logits", \.fromLogits),
      .number("label_smoothing", \.labelSmoothing),
    ]
  }

  public mutating func resolve(under semantics: Semantics) {
    var plain = BinaryCrossentropy()
    plain.form = form
    plain.resolve(under: semantics)
    form = plain.form
    keepsLogits = keepsLogits ?? [.tensorflow, .native].contains(semantics.backend.kind)
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let t = target.smoothed(labelSmoothing, classes: 2)
    let p = fromLogits ? prediction.sigmoid() : prediction
    var plain = BinaryCrossentropy()
    plain.form = form
    plain.fromLogits = fromLogits && keepsLogits == true
    let right = t * p + (1 - t) * (1 - p)
    var score = (1 - right).raised(to: gamma) * plain.elements(t, plain.fromLogits ? prediction : p)
    if balancing { score = (t * alpha + (1 - t) * (1 - alpha)) * score }
    return score.mean(axes: [-1])
  }
}
