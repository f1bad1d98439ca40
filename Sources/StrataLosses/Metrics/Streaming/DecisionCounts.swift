public import StrataCore
public import StrataTensor

/// How many elements are rightly predicted to be yes.
///
///     t, p [batch, …]    one count for each threshold
public struct TruePositives: Metric {
  public static let name = "TruePositives"
  /// nil: ½.
  public var thresholds: [Float]?
  public init(thresholds: [Float]? = nil) { self.thresholds = thresholds }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    [MetricState("accumulator", [thresholds?.count ?? 1])]
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let counts = ConfusionCounts(target, prediction, weights, thresholds: thresholds ?? [0.5])
    return [states[0] + counts.truePositives]
  }

  public func result(_ states: [Tensor]) -> Tensor { states[0] }
}

/// How many elements are wrongly predicted to be yes.
///
///     t, p [batch, …]    one count for each threshold
public struct FalsePositives: Metric {
  public static let name = "FalsePositives"
  /// nil: ½.
  public var thresholds: [Float]?
  public init(thresholds: [Float]? = nil) { self.thresholds = thresholds }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    [MetricState("accumulator", [thresholds?.count ?? 1])]
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let counts = ConfusionCounts(target, prediction, weights, thresholds: thresholds ?? [0.5])
    return [states[0] + counts.falsePositives]
  }

  public func result(_ states: [Tensor]) -> Tensor { states[0] }
}

/// How many elements are rightly predicted to be no.
///
///     t, p [batch, …]    one count for each threshold
public struct TrueNegatives: Metric {
  public static let name = "TrueNegatives"
  /// nil: ½.
  public var thresholds: [Float]?
  public init(thresholds: [Float]? = nil) { self.thresholds = thresholds }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    [MetricState("accumulator", [thresholds?.count ?? 1])]
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let counts = ConfusionCounts(target, prediction, weights, thresholds: thresholds ?? [0.5])
    return [states[0] + counts.trueNegatives]
  }

  public func result(_ states: [Tensor]) -> Tensor { states[0] }
}

/// How many elements are wrongly predicted to be no.
///
///     t, p [batch, …]    one count for each threshold
public struct FalseNegatives: Metric {
  public static let name = "FalseNegatives"
  /// nil: ½.
  public var thresholds: [Float]?
  public init(thresholds: [Float]? = nil) { self.thresholds = thresholds }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] {
    [MetricState("accumulator", [thresholds?.count ?? 1])]
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let counts = ConfusionCounts(target, prediction, weights, thresholds: thresholds ?? [0.5])
    return [states[0] + counts.falseNegatives]
  }

  public func result(_ states: [Tensor]) -> Tensor { states[0] }
}
