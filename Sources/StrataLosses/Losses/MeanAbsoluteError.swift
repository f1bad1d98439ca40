public import StrataCore
public import StrataTensor

/// Mean absolute error: `mean |p − t|` over the last axis.
///
///     t, p [batch, …, n]    score [batch, …]
///
/// The same in every release.
public struct MeanAbsoluteError: Loss {
  public static let name = "mean_absolute_error"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    (prediction - target).abs().mean(axes: [-1])
  }
}
