public import StrataCore
public import StrataSemantics
public import StrataTensor

/// How a threshold is chosen at which one rate reaches a value.
public enum ThresholdSearch: String, Sendable, Hashable, Codable {
  /// The first at which the rate is nearest to the value.
  case nearest
  /// The one with the best result of all at which the rate is the value or more; 0 if there is none.
  case bestFeasible

  public static let history = History(
    "rateAtRate.search", .metric, .reporting, initially: ThresholdSearch.nearest
  )
  .since(
    "2.4.0", .bestFeasible, "metric-rate-at-rate-best-feasible",
    "the best result among thresholds that reach the value, instead of the nearest threshold")

  func result(_ rate: Tensor, where other: Tensor, reaches value: Float) -> Tensor {
    let limit = Tensor(value)
    switch self {
    case .nearest:
      let distance = (other - limit).abs()
      let isNearest = (Tensor(Float(0)) - distance).argMax().oneHot(classes: rate.shape.last)
      return (rate * isNearest).sum()
    case .bestFeasible:
      return (rate * other.isGreaterOrEqual(to: limit)).max()
    }
  }
}

/// The recall at a threshold whose specificity `tn / (tn + fp)` reaches a value.
///
///     t, p [batch, …], p in [0, 1]
public struct SensitivityAtSpecificity: Metric {
  public static let name = "SensitivityAtSpecificity"
  public var specificity: Float
  public var numThresholds: Int
  public var search: ThresholdSearch?

  public init(specificity: Float, numThresholds: Int = 200) {
    self.specificity = specificity
    self.numThresholds = numThresholds
  }

  public static var histories: [any AnyHistory] { [ThresholdSearch.history] }
  public mutating func resolve(under semantics: Semantics) {
    search.resolve(ThresholdSearch.history, semantics)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    ThresholdGrid(count: numThresholds).states
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    ThresholdGrid(count: numThresholds).update(states, target, prediction, weights)
  }

  public func result(_ states: [Tensor]) -> Tensor {
    (search ?? .bestFeasible).result(
      ThresholdGrid.recall(states), where: ThresholdGrid.specificity(states), reaches: specificity)
  }
}

/// The specificity `tn / (tn + fp)` at a threshold whose recall reaches a value.
///
///     t, p [batch, …], p in [0, 1]
public struct SpecificityAtSensitivity: Metric {
  public static let name = "SpecificityAtSensitivity"
  public var sensitivity: Float
  public var numThresholds: Int
  public var search: ThresholdSearch?

  public init(sensitivity: Float, numThresholds: Int = 200) {
    self.sensitivity = sensitivity
    self.numThresholds = numThresholds
  }

  public static var histories: [any AnyHistory] { [ThresholdSearch.history] }
  public mutating func resolve(under semantics: Semantics) {
    search.resolve(ThresholdSearch.history, semantics)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    ThresholdGrid(count: numThresholds).states
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    ThresholdGrid(count: numThresholds).update(states, target, prediction, weights)
  }

  public func result(_ states: [Tensor]) -> Tensor {
    (search ?? .bestFeasible).result(
      ThresholdGrid.specificity(states), where: ThresholdGrid.recall(states), reaches: sensitivity)
  }
}

/// The precision at a threshold whose recall reaches a value.
///
/// Keras since 2.4.
///
///     t, p [batch, …], p in [0, 1]
public struct PrecisionAtRecall: Metric {
  public static let name = "PrecisionAtRecall"
  public var recall: Float
  public var numThresholds: Int
  public var search: ThresholdSearch?

  public init(recall: Float, numThresholds: Int = 200) {
    self.recall = recall
    self.numThresholds = numThresholds
  }

  public static var histories: [any AnyHistory] { [ThresholdSearch.history] }
  public mutating func resolve(under semantics: Semantics) {
    search.resolve(ThresholdSearch.history, semantics)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    ThresholdGrid(count: numThresholds).states
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    ThresholdGrid(count: numThresholds).update(states, target, prediction, weights)
  }

  public func result(_ states: [Tensor]) -> Tensor {
    (search ?? .bestFeasible).result(
      ThresholdGrid.precision(states), where: ThresholdGrid.recall(states), reaches: recall)
  }
}

/// The recall at a threshold whose precision reaches a value.
///
/// Keras since 2.4.
///
///     t, p [batch, …], p in [0, 1]
public struct RecallAtPrecision: Metric {
  public static let name = "RecallAtPrecision"
  public var precision: Float
  public var numThresholds: Int
  public var search: ThresholdSearch?

  public init(precision: Float, numThresholds: Int = 200) {
    self.precision = precision
    self.numThresholds = numThresholds
  }

  public static var histories: [any AnyHistory] { [ThresholdSearch.history] }
  public mutating func resolve(under semantics: Semantics) {
    search.resolve(ThresholdSearch.history, semantics)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    ThresholdGrid(count: numThresholds).states
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    ThresholdGrid(count: numThresholds).update(states, target, prediction, weights)
  }

  public func result(_ states: [Tensor]) -> Tensor {
    (search ?? .bestFeasible).result(
      ThresholdGrid.recall(states), where: ThresholdGrid.precision(states), reaches: precision)
  }
}
