public import StrataCore
public import StrataTensor

/// Multiplies by normal noise around 1 in training: `y = x·N(1, rate / (1 - rate))`.
///
///     x [batch, …]    y [batch, …]
///
/// Source: Srivastava et al. 2014, section 10.
public struct GaussianDropout: Layer {
  public static let name = "GaussianDropout"
  public static let supportsMasking = true

  /// `p` before Keras 2.
  public var rate: Float

  public init(rate: Float) { self.rate = rate }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkRate(rate, "rate")
    return try single(inputs)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    guard context.isTraining, rate > 0 else { return inputs[0] }
    let deviation = (rate / (1 - rate)).squareRoot()
    let noise = context.random(.normal(mean: 1, deviation: deviation), shape: inputs[0].shape)
    return inputs[0] * noise
  }
}
