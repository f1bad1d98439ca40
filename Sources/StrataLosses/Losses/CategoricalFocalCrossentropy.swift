public import StrataCore
public import StrataTensor

/// Categorical crossentropy that weighs easy classes less: `−Σ α·(1 − q)^γ·t·log q` over the last
/// axis.
///
///     q = clip(p / Σp, ε, 1 − ε), ε = 1e-7        fromLogits: of softmax(p)
///     t, p [batch, …, n]    score [batch, …]
///
/// Source: Lin et al. 2017 (arXiv:1708.02002); tf.keras since 2.13.
public struct CategoricalFocalCrossentropy: Loss, Configurable {
  public static let name = "categorical_focal_crossentropy"
  public var alpha: Float
  public var gamma: Float
  public var fromLogits: Bool
  public var labelSmoothing: Float

  public init(
    alpha: Float = 0.25, gamma: Float = 2, fromLogits: Bool = false, labelSmoothing: Float = 0
  ) {
    self.alpha = alpha
    self.gamma = gamma
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public static var settings: [Setting<CategoricalFocalCrossentropy>] {
    [
      .number("alpha", \.alpha), .number("gamma", \.gamma),
      .flag("from_logits", \.fromLogits), .number("label_smoothing", \.labelSmoothing),
    ]
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let t = target.smoothed(labelSmoothing, classes: target.shape.last)
    let p = fromLogits ? prediction.logSoftmax().exp() : prediction
    let q = p.normalised().limited(Epsilon.value, Epsilon.below1)
    return ((1 - q).raised(to: gamma) * alpha * (-t * q.log())).sum(axes: [-1])
  }
}
