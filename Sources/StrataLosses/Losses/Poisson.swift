public import StrataCore
public import StrataTensor

/// Poisson: `mean (p − t·log(p + ε))` over the last axis.
///
///     t, p [batch, …, n]    score [batch, …]    ε = 1e-7
///
/// The same in every release; `poisson_loss` before Keras 0.3.2.
public struct Poisson: Loss {
  public static let name = "poisson"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    (prediction - target * (prediction + Epsilon.value).log()).mean(axes: [-1])
  }
}
