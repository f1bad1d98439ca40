public import StrataCore
public import StrataSemantics
public import StrataTensor

/// The mean of a loss's scores, unweighted, as a metric under the loss's name.
public struct MeanOfLoss<Wrapped: Loss>: Metric {
  public static var name: String { Wrapped.name }
  public static var histories: [any AnyHistory] { Wrapped.histories }
  public var loss: Wrapped
  public init(_ loss: Wrapped) { self.loss = loss }

  public mutating func resolve(under semantics: Semantics) { loss.resolve(under: semantics) }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    loss.perSample(target: target, prediction: prediction)
  }
}
