internal import StrataCore
internal import StrataTensor

/// The four counts over a grid of thresholds, as running sums.
struct ThresholdGrid {
  /// `i / (count − 1)` for the inner ones.
  let thresholds: [Float]
  var labels: Int?

  /// - Parameters:
  ///   - count: How many thresholds.
  ///   - overshoot: By how much the first lies below 0 and the last above 1.
  ///   - labels: The number of labels that are counted apart.
  init(count: Int, overshoot: Float = 0, labels: Int? = nil) {
    let inner = (1..<max(count - 1, 1)).map { Float(Double($0) / Double(count - 1)) }
    thresholds = count < 2 ? [0.5] : [-overshoot] + inner + [1 + overshoot]
    self.labels = labels
  }

  var states: [MetricState] {
    let shape = Shape([thresholds.count] + (labels.map { [$0] } ?? []))
    return ["true_positives", "false_positives", "true_negatives", "false_negatives"].map {
      MetricState($0, shape)
    }
  }

  func update(
    _ states: [Tensor], _ target: Tensor, _ prediction: Tensor, _ weights: Tensor?
  ) -> [Tensor] {
    let counts = ConfusionCounts(
      target, prediction, weights, thresholds: thresholds, perLabel: labels != nil)
    return [
      states[0] + counts.truePositives, states[1] + counts.falsePositives,
      states[2] + counts.trueNegatives, states[3] + counts.falseNegatives,
    ]
  }

  // MARK: Rates

  static func recall(_ states: [Tensor]) -> Tensor {
    states[0].dividedOrZero(by: states[0] + states[3])
  }
  static func precision(_ states: [Tensor]) -> Tensor {
    states[0].dividedOrZero(by: states[0] + states[1])
  }
  static func specificity(_ states: [Tensor]) -> Tensor {
    states[2].dividedOrZero(by: states[2] + states[1])
  }
  static func falsePositiveRate(_ states: [Tensor]) -> Tensor {
    states[1].dividedOrZero(by: states[1] + states[2])
  }
}
