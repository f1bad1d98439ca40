public import StrataCore
public import StrataTensor

/// Mean squared error: `mean (p − t)²` over the last axis.
///
///     t, p [batch, …, n]    score [batch, …]
///
/// The same in every release.
public struct MeanSquaredError: Loss {
  public static let name = "mean_squared_error"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    (prediction - target).square().mean(axes: [-1])
  }
}
