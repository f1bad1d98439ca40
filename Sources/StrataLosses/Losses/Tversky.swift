public import StrataCore
public import StrataTensor

/// Tversky: `1 − c / (c + α·Σ (1−p)·t + β·Σ p·(1−t) + ε)`, `c = Σ t·p`, over the whole batch.
///
///     t, p [batch, …]    score []    ε = 1e-7
///
/// Source: Salehi et al. 2017 (arXiv:1706.05721); Keras since 3.4.
public struct Tversky: Loss, Configurable {
  public static let name = "tversky"
  public var alpha: Float
  public var beta: Float
  public init(alpha: Float = 0.5, beta: Float = 0.5) {
    self.alpha = alpha
    self.beta = beta
  }

  public static var settings: [Setting<Tversky>] {
    [
      .number("alpha", \.alpha), .number("beta", \.beta),
    ]
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let common = (target * prediction).sum()
    let missed = ((1 - prediction) * target).sum()
    let wrong = (prediction * (1 - target)).sum()
    return 1 - common / (common + missed * alpha + wrong * beta + Epsilon.value)
  }
}
