public import StrataCore
public import StrataTensor

/// Mean squared logarithmic error: `mean (log(max(p, ε) + 1) − log(max(t, ε) + 1))²` over the last
/// axis.
///
///     t, p [batch, …, n]    score [batch, …]    ε = 1e-7
///
/// The same in every release.
public struct MeanSquaredLogarithmicError: Loss {
  public static let name = "mean_squared_logarithmic_error"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    (logarithm(prediction) - logarithm(target)).square().mean(axes: [-1])
  }

  private func logarithm(_ x: Tensor) -> Tensor { (x.atLeast(Epsilon.value) + 1).log() }
}
