public import StrataCore
public import StrataTensor

/// Zeroes a random fraction of whole channels in training, the others divided by `1 - rate`.
///
///     x [batch, length, channels]    y [batch, length, channels]
///
/// Source: Tompson et al. 2015 (arXiv:1411.4280).
public struct SpatialDropout1D: Layer {
  public static let name = "SpatialDropout1D"
  public static let supportsMasking = true

  /// `p` before Keras 2.
  public var rate: Float

  public init(rate: Float) { self.rate = rate }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkRate(rate, "rate")
    let input = try single(inputs)
    _ = try image(input, 1, .channelsLast)
    return input
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard context.isTraining, rate > 0 else { return x }
    let shape: Shape = [x.shape[0], 1, x.shape[2]]
    let kept = context.random(.bernoulli(keep: 1 - rate), shape: shape)
    return x * (kept / (1 - rate))
  }
}
