public import StrataCore
public import StrataTensor

/// Categorical hinge: `max(0, max((1 − t)·p) − Σ t·p + 1)` over the last axis.
///
///     t, p [batch, …, n]    score [batch, …]    t is one-hot
///
/// Keras since 2.0.5.
public struct CategoricalHinge: Loss {
  public static let name = "categorical_hinge"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let positive = (target * prediction).sum(axes: [-1])
    let negative = ((1 - target) * prediction).max(axes: [-1])
    return .maximum(negative - positive + 1, 0)
  }
}
