public import StrataCore
public import StrataTensor

/// The mean of the predictions themselves; targets are ignored.
public struct Mean: Metric {
  public static let name = "Mean"
  public init() {}

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor { prediction.mean() }
  public func values(target: Tensor, prediction: Tensor) -> Tensor { prediction }
}

/// The weighted sum of the predictions themselves; targets are ignored.
public struct Sum: Metric {
  public static let name = "Sum"
  public init() {}

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor { prediction.sum() }
  public func values(target: Tensor, prediction: Tensor) -> Tensor { prediction }

  public func states(for prediction: Shape) -> [MetricState] { [MetricState("total")] }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    [states[0] + (weights.map { prediction * $0 } ?? prediction).sum()]
  }

  public func result(_ states: [Tensor]) -> Tensor { states[0] }
}

/// The share of predictions that equal their targets: `mean (t == p)`.
public struct Accuracy: Metric {
  public static let name = "Accuracy"
  public init() {}

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    target.asFloat32().isEqual(to: prediction.asFloat32())
  }
}
