public import StrataSemantics
public import StrataTensor

/// A number reported for each batch, and over an epoch.
///
/// Releases before 2.3 average the values of batches. Later ones keep running sums: `states` start
/// at 0, `update` moves them on with each batch, `result` follows from them. For a metric that is the
/// mean of something, `values` is all it takes. `fit` and `evaluate` do as the release does.
public protocol Metric: Sendable, Codable, Equatable {
  /// The name in files and registries, for example `categorical_accuracy`.
  static var name: String { get }
  /// The name in logs: that of a class in snake case, `mean_io_u` for `MeanIoU`.
  static var logName: String { get }
  /// The settings and formulas that changed between releases.
  static var histories: [any AnyHistory] { get }
  mutating func resolve(under semantics: Semantics)
  /// The value of one batch, a scalar.
  func batchValue(target: Tensor, prediction: Tensor) -> Tensor
  /// What the metric is the mean of: a value for each sample, `[batch, …]`, or a scalar.
  func values(target: Tensor, prediction: Tensor) -> Tensor
  /// The running sums, for predictions of a shape without the batch axis.
  func states(for prediction: Shape) -> [MetricState]
  /// The running sums after one more batch; `weights` is `[batch]` or has the shape of `values`.
  func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor]
  /// The metric of all batches so far.
  func result(_ states: [Tensor]) -> Tensor
}

/// A running sum of a metric; it starts at 0.
public struct MetricState: Sendable, Hashable {
  public var name: String
  public var shape: Shape
  public init(_ name: String, _ shape: Shape = []) {
    self.name = name
    self.shape = shape
  }
}

extension Metric {
  public static var logName: String { name.inSnakeCase }
  public static var histories: [any AnyHistory] { [] }
  public mutating func resolve(under semantics: Semantics) {}

  /// The value of the batch alone, for a metric that gives nothing finer.
  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    batchValue(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] { RunningMean.states }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    RunningMean.update(states, values(target: target, prediction: prediction), weights)
  }

  public func result(_ states: [Tensor]) -> Tensor { RunningMean.result(states) }

  /// The metric of one batch from its running sums.
  public func resultOfOneBatch(target: Tensor, prediction: Tensor) -> Tensor {
    let zeros = states(for: prediction.shape.droppingFirst()).map { Tensor.zeros($0.shape) }
    return result(update(zeros, target: target, prediction: prediction, weights: nil))
  }
}

/// A weighted mean over batches: `total / count`, 0 where nothing counted.
///
///     total ← total + Σ w·v      count ← count + Σ w
///
/// Without weights every value counts once. Weights of lower rank than the values count whole
/// samples, whose values are averaged first (Keras since 2.3.0).
public enum RunningMean {
  public static let states = [MetricState("total"), MetricState("count")]

  public static func update(_ states: [Tensor], _ values: Tensor, _ weights: Tensor?) -> [Tensor] {
    guard let weights else {
      return [states[0] + values.sum(), states[1] + Float(values.shape.count)]
    }
    var values = values
    while values.rank > weights.rank { values = values.mean(axes: [-1]) }
    return [states[0] + (values * weights).sum(), states[1] + weights.sum()]
  }

  public static func result(_ states: [Tensor]) -> Tensor { states[0].dividedOrZero(by: states[1]) }
}

extension String {
  /// The name of a class in small letters with an underscore before each of its words, as Keras writes
  /// it: `AUC` is `auc`, `R2Score` is `r2_score`, `MeanIoU` is `mean_io_u`.
  var inSnakeCase: String {
    let letters = Array(self)
    var result = ""
    for (index, letter) in letters.enumerated() {
      let next = index + 1 < letters.count ? letters[index + 1] : nil
      let startsWord = letter.isUppercase && (next?.isLowercase ?? false || next?.isNumber ?? false)
      let endsWord = letter.isUppercase && index > 0 && letters[index - 1].isLowercase
      if index > 0, startsWord || endsWord { result += "_" }
      result += letter.lowercased()
    }
    return result
  }
}

extension Tensor {
  /// The quotient, 0 where the divisor is 0.
  public func dividedOrZero(by divisor: Tensor) -> Tensor {
    let isZero = divisor.isEqual(to: Tensor(Float(0)))
    return .select(isZero, Tensor(Float(0)), self / .select(isZero, Tensor(Float(1)), divisor))
  }
}
