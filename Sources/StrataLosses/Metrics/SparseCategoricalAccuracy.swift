public import StrataCore
public import StrataTensor

/// The share of samples whose largest prediction is at the target's class number.
///
///     t [batch, …] or [batch, …, 1]    p [batch, …, n]
///
/// Keras since 1.0.x, the same in every release.
public struct SparseCategoricalAccuracy: Metric {
  public static let name = "sparse_categorical_accuracy"
  public init() {}

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    let best = prediction.argMax()
    return target.asFloat32().reshaped(best.shape).isEqual(to: best)
  }
}
