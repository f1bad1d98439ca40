public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Huber: squared near 0, linear beyond `delta`.
///
///     |e| ≤ δ: ½·e²        else: δ·|e| − ½·δ²        e = p − t
///     t, p [batch, …, n]    score [batch, …]; in Keras 2.3 [batch, …, n], without the mean
///
/// Source: Huber 1964; Keras since 2.3.0.
public struct Huber: Loss, Configurable {
  public static let name = "huber"
  public var delta: Float
  public var reduction: Reduction?
  public init(delta: Float = 1) { self.delta = delta }

  public enum Reduction: String, Sendable, Hashable, Codable { case none, mean }

  public static let reductionHistory = History(
    "huber.reduction", .loss, .trajectory, initially: Reduction.none
  )
  .since("2.4.0", .mean, "loss-huber-mean", "the mean over the last axis")

  public static var histories: [any AnyHistory] { [reductionHistory] }

  public static var settings: [Setting<Huber>] {
    [
      .number("delta", \.delta)
    ]
  }

  public mutating func resolve(under semantics: Semantics) {
    reduction.resolve(Self.reductionHistory, semantics)
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let size = (prediction - target).abs()
    let isNear = size.isLessOrEqual(to: Tensor(delta))
    let score = Tensor.select(
      isNear, 0.5 * size.square(), delta * size - 0.5 * delta * delta)
    return reduction == Reduction.none ? score : score.mean(axes: [-1])
  }
}
