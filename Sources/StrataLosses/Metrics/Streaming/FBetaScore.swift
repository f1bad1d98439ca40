public import StrataCore
public import StrataTensor

/// The weighted harmonic mean of precision and recall, for each class.
///
///     F = (1 + β²)·P·R / (β²·P + R)        t, p [batch, n]
///
/// Without a threshold the largest prediction of a sample is its yes. Keras since 2.13.
public struct FBetaScore: Metric {
  public static let name = "FBetaScore"
  public static let logName = "fbeta_score"
  public enum Average: String, Sendable, Hashable, Codable { case micro, macro, weighted }
  /// nil: a score for each class.
  public var average: Average?
  public var beta: Float
  public var threshold: Float?

  public init(average: Average? = nil, beta: Float = 1, threshold: Float? = nil) {
    self.average = average
    self.beta = beta
    self.threshold = threshold
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    let shape: Shape = average == .micro ? [] : [prediction.last]
    return ["true_positives", "false_positives", "false_negatives", "intermediate_weights"].map {
      MetricState($0, shape)
    }
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let target = target.asFloat32()
    let one = Tensor(Float(1))
    let says = threshold.map { prediction.isGreater(than: Tensor($0)) } ?? largest(prediction)
    let weight = ConfusionCounts.spread(weights, over: prediction.shape)
    let sum = { (x: Tensor) in average == .micro ? x.sum() : x.sum(axes: [0]) }
    return [
      states[0] + sum(weight * says * target), states[1] + sum(weight * says * (one - target)),
      states[2] + sum(weight * (one - says) * target), states[3] + sum(weight * target),
    ]
  }

  /// 1 at the largest prediction of each sample, unless all are 0.
  private func largest(_ prediction: Tensor) -> Tensor {
    let best = prediction.max(axes: [-1], keepingDimensions: true)
    return prediction.isGreaterOrEqual(to: best)
      * prediction.abs().isGreater(than: Tensor(Float(1e-9)))
  }

  public func result(_ states: [Tensor]) -> Tensor {
    let precision = states[0].dividedOrZero(by: states[0] + states[1])
    let recall = states[0].dividedOrZero(by: states[0] + states[2])
    let square = Tensor(beta * beta)
    let score =
      (precision * recall).dividedOrZero(by: square * precision + recall)
      * Tensor(1 + beta * beta)
    switch average {
    case .macro: return score.mean()
    case .weighted: return (score * states[3].dividedOrZero(by: states[3].sum())).sum()
    case .micro, nil: return score
    }
  }
}

/// `FBetaScore` with β = 1: the harmonic mean of precision and recall.
public struct F1Score: Metric {
  public static let name = "F1Score"
  public var average: FBetaScore.Average?
  public var threshold: Float?

  public init(average: FBetaScore.Average? = nil, threshold: Float? = nil) {
    self.average = average
    self.threshold = threshold
  }

  private var score: FBetaScore { FBetaScore(average: average, threshold: threshold) }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    score.batchValue(target: target, prediction: prediction)
  }
  public func states(for prediction: Shape) -> [MetricState] { score.states(for: prediction) }
  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    score.update(states, target: target, prediction: prediction, weights: weights)
  }
  public func result(_ states: [Tensor]) -> Tensor { score.result(states) }
}
