public import StrataCore
public import StrataTensor

/// The share of samples whose largest prediction is at the largest target: `mean (argmax t ==
/// argmax p)`.
///
///     t, p [batch, …, n]
///
/// The same in every release.
public struct CategoricalAccuracy: Metric {
  public static let name = "categorical_accuracy"
  public init() {}

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    target.argMax().isEqual(to: prediction.argMax())
  }
}
