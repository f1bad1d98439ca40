public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Which accuracy the word `accuracy` stands for.
public enum AccuracyChoice: String, Sendable, Hashable, Codable {
  case binary, categorical, sparseCategorical

  /// What the choice follows.
  public enum Rule: String, Sendable, Hashable, Codable {
    /// The argument `class_mode`, categorical by default.
    case classMode
    /// The output: one unit is binary, else categorical.
    case output
    /// The output, or the loss `sparse_categorical_crossentropy`.
    case outputOrSparseLoss
    /// The output, or the losses `binary_crossentropy` and `sparse_categorical_crossentropy`.
    case outputOrLoss
    /// The shapes: one unit is binary; a target of one unit, or of lower rank, is sparse.
    case shapes
  }

  public static let history = History(
    "accuracy.choice", .metric, .reporting, initially: Rule.classMode
  )
  .since("0.3.3", .output, "accuracy-class-mode-auto", "chosen from the shape of the output")
  .since("1.0.2", .outputOrSparseLoss, "accuracy-auto-sparse", "sparse losses, sparse accuracy")
  .since(
    "1.0.6", .outputOrLoss, "accuracy-auto-binary-crossentropy",
    "binary accuracy whenever the loss is binary_crossentropy"
  )
  .since("2.4.0", .shapes, "accuracy-auto-shape-only", "chosen from the shapes alone")

  /// The accuracy for a loss (by its registry name) and shapes without the batch axis.
  public static func choose(
    loss: String, output: Shape, target: Shape, under semantics: Semantics
  ) -> AccuracyChoice {
    let isOneUnit = output.last == 1
    switch history.value(under: semantics) {
    case .classMode: return .categorical
    case .output: return isOneUnit ? .binary : .categorical
    case .outputOrSparseLoss:
      if isOneUnit { return .binary }
      return loss == SparseCategoricalCrossentropy.name ? .sparseCategorical : .categorical
    case .outputOrLoss:
      if isOneUnit || loss == BinaryCrossentropy.name { return .binary }
      return loss == SparseCategoricalCrossentropy.name ? .sparseCategorical : .categorical
    case .shapes:
      if isOneUnit { return .binary }
      return target.rank < output.rank || target.last == 1 ? .sparseCategorical : .categorical
    }
  }

  /// The metric itself, with the release's forms filled in.
  public func metric(under semantics: Semantics) -> any Metric {
    var metric: any Metric =
      switch self {
      case .binary: BinaryAccuracy()
      case .categorical: CategoricalAccuracy()
      case .sparseCategorical: SparseCategoricalAccuracy()
      }
    metric.resolve(under: semantics)
    return metric
  }
}

/// The key of the accuracy in logs.
public enum AccuracyLogName: String, Sendable, Hashable, Codable {
  case accuracy, acc
  /// The word that was given to `compile`.
  case asTyped

  public static let history = History(
    "accuracy.logName", .metric, .reporting, initially: AccuracyLogName.accuracy
  )
  .since("0.1.2", .acc, "log-names-acc-val-acc", "logged as acc and val_acc")
  .since("2.3.0", .asTyped, "metric-name-as-typed", "logged as it was typed")

  /// The key for a metric given as `typed` (`accuracy` or `acc`).
  public func key(typed: String) -> String { self == .asTyped ? typed : rawValue }
}
