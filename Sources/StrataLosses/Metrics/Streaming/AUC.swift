public import StrataCore
public import StrataTensor

/// The area under a curve of rates over thresholds.
///
///     ROC   recall over false positive rate       PR   precision over recall
///     t, p [batch, …, n], p in [0, 1]
///
/// The first threshold lies 1e-7 below 0 and the last as much above 1. With `multiLabel` every label
/// has a curve of its own, and the areas are averaged. Interpolated PR curves: Davis & Goadrich 2006.
public struct AUC: Metric {
  public static let name = "AUC"
  public enum Curve: String, Sendable, Hashable, Codable {
    case roc = "ROC"
    case precisionRecall = "PR"
  }
  /// The height between two thresholds.
  public enum Summation: String, Sendable, Hashable, Codable {
    case interpolation, minoring, majoring
  }
  public var numThresholds: Int
  public var curve: Curve
  public var summationMethod: Summation
  public var multiLabel: Bool

  public init(
    numThresholds: Int = 200, curve: Curve = .roc, summationMethod: Summation = .interpolation,
    multiLabel: Bool = false
  ) {
    self.numThresholds = numThresholds
    self.curve = curve
    self.summationMethod = summationMethod
    self.multiLabel = multiLabel
  }

  private func grid(_ prediction: Shape) -> ThresholdGrid {
    ThresholdGrid(
      count: numThresholds, overshoot: 1e-7, labels: multiLabel ? prediction.last : nil)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] { grid(prediction).states }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    grid(prediction.shape.droppingFirst()).update(states, target, prediction, weights)
  }

  public func result(_ states: [Tensor]) -> Tensor {
    if curve == .precisionRecall, summationMethod == .interpolation {
      return interpolatedPrecision(states)
    }
    let isROC = curve == .roc
    let x = isROC ? ThresholdGrid.falsePositiveRate(states) : ThresholdGrid.recall(states)
    let y = isROC ? ThresholdGrid.recall(states) : ThresholdGrid.precision(states)
    let heights =
      switch summationMethod {
      case .interpolation: (y.first + y.rest) / 2
      case .minoring: Tensor.minimum(y.first, y.rest)
      case .majoring: Tensor.maximum(y.first, y.rest)
      }
    return ((x.first - x.rest) * heights).sum(axes: [0]).mean()
  }

  /// The precision between two thresholds, with true positives linear in all positives.
  private func interpolatedPrecision(_ states: [Tensor]) -> Tensor {
    let zero = Tensor(Float(0))
    let (hits, misses) = (states[0], states[3])
    let said = hits + states[1]
    let rise = hits.first - hits.rest
    let slope = rise.dividedOrZero(by: .maximum(said.first - said.rest, zero))
    let intercept = hits.rest - slope * said.rest
    let areBoth = said.first.isGreater(than: zero) * said.rest.isGreater(than: zero)
    let ratio = Tensor.select(
      areBoth, said.first.dividedOrZero(by: .maximum(said.rest, zero)), Tensor(Float(1)))
    let parts = (slope * (rise + intercept * ratio.log()))
      .dividedOrZero(by: .maximum(hits.rest + misses.rest, zero))
    return parts.sum(axes: [0]).mean()
  }
}

extension Tensor {
  /// All but the last along the first axis.
  fileprivate var first: Tensor { slice(axis: 0, 0..<(shape[0] - 1)) }
  /// All but the first along the first axis.
  fileprivate var rest: Tensor { slice(axis: 0, 1..<shape[0]) }
}
