public import StrataCore
public import StrataTensor

/// Mean absolute percentage error: `100·mean |(t − p) / max(|t|, ε)|` over the last axis.
///
///     t, p [batch, …, n]    score [batch, …]    ε = 1e-7
///
/// The same in every release.
public struct MeanAbsolutePercentageError: Loss {
  public static let name = "mean_absolute_percentage_error"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let size = Tensor.maximum(target.abs(), Tensor(Epsilon.value))
    return 100 * ((target - prediction) / size).abs().mean(axes: [-1])
  }
}
