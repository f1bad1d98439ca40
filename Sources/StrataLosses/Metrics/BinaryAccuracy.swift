public import StrataCore
public import StrataSemantics
public import StrataTensor

/// The share of elements whose prediction is on the target's side of ½.
///
///     rounded        mean (t == round(p))
///     thresholded    mean (t == (p > threshold))
///     t, p [batch, …, n]
///
/// Rounding is to even, so ½ is 0. On Theano before 0.9, ½ was 1.
public struct BinaryAccuracy: Metric {
  public static let name = "binary_accuracy"
  public var threshold: Float
  public var form: Form?
  public init(threshold: Float = 0.5) { self.threshold = threshold }

  public enum Form: String, Sendable, Hashable, Codable { case rounded, thresholded }

  public static let formHistory = History(
    "binaryAccuracy.form", .metric, .reporting, initially: Form.rounded
  )
  .since("2.4.0", .thresholded, "binary-accuracy-threshold", "p > threshold instead of round(p)")

  public static var histories: [any AnyHistory] { [formHistory] }

  public mutating func resolve(under semantics: Semantics) {
    form.resolve(Self.formHistory, semantics)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    equal(target, prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    equal(target, prediction).mean(axes: [-1])
  }

  private func equal(_ target: Tensor, _ prediction: Tensor) -> Tensor {
    let decided =
      form == .rounded && threshold == 0.5
      ? prediction.rounded() : prediction.isGreater(than: Tensor(threshold))
    return target.asFloat32().isEqual(to: decided)
  }
}
