public import StrataCore
public import StrataTensor

/// The share of actual yes that are found: `tp / (tp + fn)`.
///
///     t, p [batch, …, n]    one value for each threshold
///
/// With `topK` only the largest predictions of a sample are a yes, with `classID` only one class
/// counts. 0 where there is nothing to divide by.
public struct Recall: Metric {
  public static let name = "Recall"
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
    return [MetricState("true_positives", shape), MetricState("false_negatives", shape)]
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let chosen = choice.apply(target, prediction)
    let counts = ConfusionCounts(
      chosen.target, chosen.prediction, weights, thresholds: choice.thresholds(thresholds))
    return [states[0] + counts.truePositives, states[1] + counts.falseNegatives]
  }

  public func result(_ states: [Tensor]) -> Tensor {
    states[0].dividedOrZero(by: states[0] + states[1])
  }
}
