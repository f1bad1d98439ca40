public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Squared hinge: `mean max(1 − t·p, 0)²` over the last axis, for labels −1 and 1.
///
///     t, p [batch, …, n]    score [batch, …]
///
/// Since Keras 2.3.0 labels that are all 0 or 1 become −1 and 1 first.
public struct SquaredHinge: Loss {
  public static let name = "squared_hinge"
  public var labels: HingeLabels?
  public init() {}

  public static var histories: [any AnyHistory] { [HingeLabels.history] }

  public mutating func resolve(under semantics: Semantics) {
    labels.resolve(HingeLabels.history, semantics)
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    HingeLabels.margin(target, prediction, labels).square().mean(axes: [-1])
  }
}
