public import StrataCore
public import StrataTensor

/// Zeroes a random fraction of whole channels in training, the others divided by `1 - rate`.
///
///     x [batch, depth, height, width, channels]    y of the same shape
///
/// Source: Tompson et al. 2015 (arXiv:1411.4280).
public struct SpatialDropout3D: Layer {
  public static let name = "SpatialDropout3D"
  public static let supportsMasking = true

  /// `p` before Keras 2.
  public var rate: Float
  public var dataFormat: DataFormat

  public init(
    rate: Float, dataFormat: DataFormat = .channelsLast
  ) {
    self.rate = rate
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkRate(rate, "rate")
    let input = try single(inputs)
    _ = try image(input, 3, dataFormat)
    return input
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard context.isTraining, rate > 0 else { return x }
    let channels = dataFormat.last(x.shape.droppingFirst()).last
    let shape = dataFormat.restored(Shape([1, 1, 1, channels])).batched(x.shape[0])
    let kept = context.random(.bernoulli(keep: 1 - rate), shape: shape)
    return x * (kept / (1 - rate))
  }
}
