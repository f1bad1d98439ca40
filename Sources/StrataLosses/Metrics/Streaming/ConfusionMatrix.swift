internal import StrataCore
public import StrataSemantics
internal import StrataTensor

/// What becomes of weights in a running matrix of targets and predictions.
public enum MatrixWeights: String, Sendable, Hashable, Codable {
  case fractional
  /// Cut off to whole numbers, so that a weight below 1 is 0.
  case whole

  public static let history = History(
    "confusionMatrix.weights", .metric, .reporting, initially: MatrixWeights.fractional
  )
  .since(
    "3.0.0", .whole, "iou-weights-truncated",
    "the matrix is one of integers, so that weights lose their fractions")
}

/// Intersection over union of classes, from a running matrix of targets and predictions.
///
///     IoU = tp / (tp + fp + fn), averaged over the classes that occur
struct ConfusionMatrix {
  var classes: Int
  /// nil: all.
  var chosen: [Int]?
  var weighting: MatrixWeights?

  var states: [MetricState] { [MetricState("total_confusion_matrix", [classes, classes])] }

  /// Class numbers as targets and predictions, of any shape.
  func update(
    _ states: [Tensor], _ target: Tensor, _ prediction: Tensor, _ weights: Tensor?
  ) -> [Tensor] {
    let count = prediction.shape.count
    let spread = ConfusionCounts.spread(weights, over: prediction.shape).reshaped([count, 1])
    let weight = weighting == .whole ? spread.floor() : spread
    let rows = target.asFloat32().reshaped([count]).oneHot(classes: classes) * weight
    let columns = prediction.asFloat32().reshaped([count]).oneHot(classes: classes)
    let cells = rows.reshaped([count, classes, 1]) * columns.reshaped([count, 1, classes])
    return [states[0] + cells.sum(axes: [0])]
  }

  func result(_ states: [Tensor]) -> Tensor {
    let matrix = states[0]
    let diagonal = Tensor(
      (0..<classes * classes).map { $0 % (classes + 1) == 0 ? Float(1) : 0 },
      shape: [classes, classes])
    let hits = (matrix * diagonal).sum(axes: [0])
    let union = matrix.sum(axes: [0]) + matrix.sum(axes: [1]) - hits
    let wanted = Tensor(
      (0..<classes).map { chosen?.contains($0) ?? true ? Float(1) : 0 }, shape: [classes])
    let occurs = union.isGreater(than: Tensor(Float(0))) * wanted
    return (hits.dividedOrZero(by: union) * wanted).sum().dividedOrZero(by: occurs.sum())
  }
}
