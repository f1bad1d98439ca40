public import StrataCore
public import StrataTensor

/// Dropout that keeps mean 0 and variance 1 of `selu` outputs: `y = a·(x·B + α'·(1 - B)) + b`.
///
///     x [batch, …]    y [batch, …]    B ~ Bernoulli(1 - rate)
///     a = ((1 - rate)·(1 + rate·α'²))^-½    b = -a·α'·rate    α' = -1.7580993
///
/// Source: Klambauer et al. 2017 (arXiv:1706.02515), section 3.
public struct AlphaDropout: Layer {
  public static let name = "AlphaDropout"
  public static let supportsMasking = true

  public var rate: Float

  public init(rate: Float) { self.rate = rate }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkRate(rate, "rate")
    return try single(inputs)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard context.isTraining, rate > 0 else { return x }
    let low = -1.758_099_340_847_376_6
    let p = Double(rate)
    let scale = 1 / ((1 - p) * (1 + p * low * low)).squareRoot()
    let kept = context.random(.bernoulli(keep: 1 - rate), shape: x.shape)
    let mixed = x * kept + (1 - kept) * Float(low)
    return mixed * Float(scale) + Float(-scale * low * p)
  }
}
