public import StrataCore
public import StrataTensor

/// The coefficient of determination: `1 − Σ (t − p)² / Σ (t − t̄)²`, for each output.
///
///     t, p [batch, n]
///
/// Keras since 2.13.
public struct R2Score: Metric {
  public static let name = "R2Score"
  public enum Aggregation: String, Sendable, Hashable, Codable {
    case uniform = "uniform_average"
    case varianceWeighted = "variance_weighted_average"
  }
  /// nil: a score for each output.
  public var classAggregation: Aggregation?

  public init(classAggregation: Aggregation? = .uniform) {
    self.classAggregation = classAggregation
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    let shape: Shape = [prediction.last]
    return [
      MetricState("num_samples"), MetricState("squared_sum", shape), MetricState("sum", shape),
      MetricState("residual", shape), MetricState("count", shape),
    ]
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let target = target.asFloat32()
    let weight = ConfusionCounts.spread(weights, over: prediction.shape)
    return [
      states[0] + Float(target.shape.count),
      states[1] + (target.square() * weight).sum(axes: [0]),
      states[2] + (target * weight).sum(axes: [0]),
      states[3] + ((target - prediction).square() * weight).sum(axes: [0]),
      states[4] + weight.sum(axes: [0]),
    ]
  }

  public func result(_ states: [Tensor]) -> Tensor {
    let total = states[1] - states[2] * states[2].dividedOrZero(by: states[4])
    let score = 1 - states[3].dividedOrZero(by: total)
    switch classAggregation {
    case .uniform: return score.mean()
    case .varianceWeighted: return (total * score).sum().dividedOrZero(by: total.sum())
    case nil: return score
    }
  }
}
