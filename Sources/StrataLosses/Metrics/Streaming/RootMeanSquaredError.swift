public import StrataCore
public import StrataSemantics
public import StrataTensor

/// The root of the mean square of `t − p` over all samples so far.
///
///     t, p [batch, …, n]
///
/// The square root is taken of the running mean, not of each batch.
public struct RootMeanSquaredError: Metric {
  public static let name = "RootMeanSquaredError"
  public var count: Count?
  public init() {}

  /// What the running mean counts; the mean is the same.
  public enum Count: String, Sendable, Hashable, Codable { case elements, samples }

  public static let countHistory = History(
    "rootMeanSquaredError.count", .metric, .reporting, initially: Count.elements
  )
  .since("3.0.0", .samples, "metric-mean-counts-samples", "values are averaged per sample first")

  public static var histories: [any AnyHistory] { [countHistory] }

  public mutating func resolve(under semantics: Semantics) {
    count.resolve(Self.countHistory, semantics)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    (target.asFloat32() - prediction).square().mean().squareRoot()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    let squares = (target.asFloat32() - prediction).square()
    guard count == .samples, squares.rank > 1 else { return squares }
    return squares.mean(axes: Array(1..<squares.rank))
  }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    let values = values(target: target, prediction: prediction)
    guard count != .samples, let weights else {
      return RunningMean.update(states, values, weights)
    }
    return RunningMean.update(states, values, ConfusionCounts.spread(weights, over: values.shape))
  }

  public func result(_ states: [Tensor]) -> Tensor { RunningMean.result(states).squareRoot() }
}
