public import StrataCore
public import StrataTensor

/// The share of predicted yes that are right: `tp / (tp + fp)`.
///
///     t, p [batch, …, n]    one value for each threshold
///
/// With `topK` only the largest predictions of a sample are a yes, with `classID` only one class
/// counts. 0 where there is nothing to divide by.
public struct Precision: Metric {
  public static let name = "Precision"
  /// nil: ½, or none with `topK`.
  public var thresholds: [Float]?
  public var topK: Int?
  public var classID: Int?

  public init(thresholds: [Float]? = nil, topK: Int? = nil, classID: Int? = nil) {
    self.thresholds = thresholds
    self.topK = topK
    self.classID = classID
  }

  private enum CodingKeys: String, CodingKey {
    case thresholds, topK
    case classID = "classId"
  }

  private var choice: PredictionChoice { PredictionChoice(topK: topK, classID: classID) }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    let shape: Shape = [thresholds?.count ?? 1]
    return [MetricState("true_positives", shape), MetricState("false_positives", shape)]
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let chosen = choice.apply(target, prediction)
    let counts = ConfusionCounts(
      chosen.target, chosen.prediction, weights, thresholds: choice.thresholds(thresholds))
    return [states[0] + counts.truePositives, states[1] + counts.falsePositives]
  }

  public func result(_ states: [Tensor]) -> Tensor {
    states[0].dividedOrZero(by: states[0] + states[1])
  }
}
