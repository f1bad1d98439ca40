public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Hinge: `mean max(1 − t·p, 0)` over the last axis, for labels −1 and 1.
///
///     t, p [batch, …, n]    score [batch, …]
///
/// Since Keras 2.3.0 labels that are all 0 or 1 become −1 and 1 first.
public struct Hinge: Loss {
  public static let name = "hinge"
  public var labels: HingeLabels?
  public init() {}

  public static var histories: [any AnyHistory] { [HingeLabels.history] }

  public mutating func resolve(under semantics: Semantics) {
    labels.resolve(HingeLabels.history, semantics)
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    HingeLabels.margin(target, prediction, labels).mean(axes: [-1])
  }
}

/// What the hinge losses take for labels.
public enum HingeLabels: String, Sendable, Hashable, Codable {
  /// The labels as they are.
  case asGiven
  /// 0 and 1 become −1 and 1, if there are no others in the batch.
  case zeroOneConverted

  public static let history = History(
    "hinge.labels", .loss, .trajectory, initially: HingeLabels.asGiven
  )
  .since(
    "2.3.0", .zeroOneConverted, "loss-hinge-converts-01-labels",
    "labels that are all 0 or 1 become -1 and 1")

  /// `max(1 − t·p, 0)`.
  static func margin(_ target: Tensor, _ prediction: Tensor, _ labels: HingeLabels?) -> Tensor {
    var target = target
    if labels == .zeroOneConverted {
      let isBinary = Tensor.maximum(target.isEqual(to: 0), target.isEqual(to: 1)).min()
      target = .select(isBinary, 2 * target - 1, target)
    }
    return .maximum(1 - target * prediction, 0)
  }
}
