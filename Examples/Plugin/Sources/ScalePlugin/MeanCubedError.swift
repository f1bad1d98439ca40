import Strata

/// `mean |t − p|³` over the last axis.
public struct MeanCubedError: Loss {
  public static let name = "mean_cubed_error"

  public init() {}

  public func perSample(target t: Tensor, prediction p: Tensor) -> Tensor {
    let distance = (t - p).abs()
    return (distance * distance * distance).mean(axes: [-1])
  }
}
