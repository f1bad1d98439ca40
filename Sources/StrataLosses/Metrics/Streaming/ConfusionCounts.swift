internal import StrataCore
internal import StrataTensor

/// Weighted counts of decisions at some thresholds: a prediction above a threshold is a yes.
///
///     t, p [batch, …]    w [batch] or as p    counts [thresholds], or [thresholds, labels]
struct ConfusionCounts {
  var truePositives: Tensor
  var falsePositives: Tensor
  var trueNegatives: Tensor
  var falseNegatives: Tensor

  init(
    _ target: Tensor, _ prediction: Tensor, _ weights: Tensor?, thresholds: [Float],
    perLabel: Bool = false
  ) {
    let labels = perLabel ? prediction.shape.last : 1
    let rows = prediction.shape.count / max(labels, 1)
    let flat: Shape = [1, rows, labels]
    let one = Tensor(Float(1))
    let isYes = target.asFloat32().isNotEqual(to: Tensor(Float(0))).reshaped(flat)
    let limits = Tensor(thresholds, shape: [thresholds.count, 1, 1])
    let saysYes = prediction.reshaped(flat).isGreater(than: limits)
    let weight = Self.spread(weights, over: prediction.shape).reshaped(flat)
    let axes = perLabel ? [1] : [1, 2]
    truePositives = (saysYes * isYes * weight).sum(axes: axes)
    falsePositives = (saysYes * (one - isYes) * weight).sum(axes: axes)
    trueNegatives = ((one - saysYes) * (one - isYes) * weight).sum(axes: axes)
    falseNegatives = ((one - saysYes) * isYes * weight).sum(axes: axes)
  }

  /// A weight for every element; those of samples count for all elements of the sample.
  static func spread(_ weights: Tensor?, over shape: Shape) -> Tensor {
    guard let weights else { return .full(shape, 1) }
    let ones = [Int](repeating: 1, count: max(0, shape.rank - weights.rank))
    return weights.reshaped(Shape(weights.shape.dimensions + ones)).broadcast(to: shape)
  }
}

/// Which predictions of a sample count, as `Precision` and `Recall` choose them.
struct PredictionChoice {
  var topK: Int?
  var classID: Int?

  /// Below every threshold.
  static let never: Float = -1e10

  func apply(_ target: Tensor, _ prediction: Tensor) -> (target: Tensor, prediction: Tensor) {
    var (target, prediction) = (target.asFloat32(), prediction)
    if let topK { prediction = Self.keep(topK, of: prediction) }
    if let classID {
      target = target.slice(axis: -1, classID..<(classID + 1))
      prediction = prediction.slice(axis: -1, classID..<(classID + 1))
    }
    return (target, prediction)
  }

  /// The `k` largest of the last axis; of equal ones the first.
  private static func keep(_ k: Int, of x: Tensor) -> Tensor {
    let count = x.shape.last
    let (mine, others) = (
      x.reshaped(Shape(x.shape.dimensions + [1])),
      x.reshaped(Shape(x.shape.dimensions.dropLast() + [1, count]))
    )
    let earlier = Tensor(
      (0..<count).flatMap { i in (0..<count).map { $0 < i ? Float(1) : 0 } },
      shape: [count, count])
    let before = others.isGreater(than: mine) + others.isEqual(to: mine) * earlier
    let isKept = before.sum(axes: [-1]).isLess(than: Tensor(Float(k)))
    return .select(isKept, x, Tensor(never))
  }

  /// The thresholds in force: those given, else ½, or any value at all among the first `topK`.
  func thresholds(_ given: [Float]?) -> [Float] { given ?? [topK == nil ? 0.5 : Self.never] }
}
