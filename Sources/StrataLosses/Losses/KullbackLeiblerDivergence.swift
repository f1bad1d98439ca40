public import StrataCore
public import StrataTensor

/// Kullback-Leibler divergence: `Σ t·log(t/p)` over the last axis, t and p limited to [ε, 1].
///
///     t, p [batch, …, n]    score [batch, …]    ε = 1e-7
///
/// Keras since 1.0.4, the same in every release; `kl_divergence` in Keras 3.
public struct KullbackLeiblerDivergence: Loss {
  public static let name = "kullback_leibler_divergence"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let t = target.limited(Epsilon.value, 1)
    let p = prediction.limited(Epsilon.value, 1)
    return (t * (t / p).log()).sum(axes: [-1])
  }
}
