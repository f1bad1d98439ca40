/// Which way a monitored number should go, as the user says it.
public enum MonitorMode: String, Sendable, Hashable, Codable, CaseIterable {
  /// Found from the name, by the rule of the release.
  case auto
  case min, max
}

/// Which way a monitored number should go.
package enum Direction: Sendable, Hashable {
  case down, up

  /// The value that every other improves on.
  package var worst: Double { self == .down ? .infinity : -.infinity }

  /// Whether `a` is strictly better than `b`, which a NaN never is.
  package func isBetter(_ a: Double, than b: Double) -> Bool { self == .down ? a < b : a > b }
}

/// How the direction is found from the name of what is monitored.
package enum AutoDirection: Sendable, Hashable {
  /// Always down.
  case down
  /// Up if the name contains `acc`.
  case containsAcc
  /// Up if the name contains `acc` or starts with `fmeasure`.
  case containsAccOrStartsWithFmeasure
  /// Up if the name ends in `acc`, `accuracy` or `auc`.
  case endsInAccOrAUC
  /// The direction of the metric that the model was compiled with; the loss goes down.
  case compiledMetric

  /// The direction; nil if it cannot be known from `metrics`, the keys that the model logs.
  package func direction(of key: String, metrics: [String]) -> Direction? {
    switch self {
    case .down: .down
    case .containsAcc: key.contains("acc") ? .up : .down
    case .containsAccOrStartsWithFmeasure:
      key.contains("acc") || key.hasPrefix("fmeasure") ? .up : .down
    case .endsInAccOrAUC:
      ["acc", "accuracy", "auc"].contains { key.hasSuffix($0) } ? .up : .down
    case .compiledMetric: Self.direction(ofMetric: key, metrics)
    }
  }

  private static func direction(ofMetric key: String, _ metrics: [String]) -> Direction? {
    let name = key.hasPrefix("val_") ? String(key.dropFirst(4)) : key
    if name == "loss" { return .down }
    guard metrics.contains(name) else { return nil }
    if rising.contains(where: { name.hasSuffix($0) }) { return .up }
    return falling.contains { name.hasSuffix($0) } ? .down : nil
  }

  /// Metrics of Keras 3 whose larger value is the better one.
  private static let rising = [
    "acc", "accuracy", "auc", "precision", "recall", "f1_score", "fbeta_score", "r2_score", "iou",
    "io_u", "cosine_similarity", "true_positives", "true_negatives", "sensitivity_at_specificity",
    "specificity_at_sensitivity", "precision_at_recall", "recall_at_precision",
  ]
  /// Metrics of Keras 3 whose smaller value is the better one.
  private static let falling = [
    "error", "mse", "mae", "mape", "msle", "logcosh", "hinge", "crossentropy", "poisson",
    "divergence", "false_positives", "false_negatives",
  ]
}
