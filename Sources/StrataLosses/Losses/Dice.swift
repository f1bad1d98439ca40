public import StrataCore
public import StrataTensor

/// Dice: `1 − 2·Σ t·p / (Σt + Σp + ε)` over the whole batch, one number.
///
///     t, p [batch, …]    score []    ε = 1e-7
///
/// Keras since 3.4.
public struct Dice: Loss {
  public static let name = "dice"
  public init() {}

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let common = (target * prediction).sum()
    return 1 - 2 * common / (target.sum() + prediction.sum() + Epsilon.value)
  }
}
