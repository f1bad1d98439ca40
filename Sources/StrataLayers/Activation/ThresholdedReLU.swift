public import StrataCore
public import StrataTensor

/// A rectifier with a threshold: `y = x` above `theta`, else 0.
///
///     x [batch, …]    y [batch, …]
///
/// Source: Konda, Memisevic & Krueger 2014 (arXiv:1402.3337).
public struct ThresholdedReLU: Layer {
  public static let name = "ThresholdedReLU"
  public static let supportsMasking = true

  public var theta: Float

  public init(theta: Float = 1) { self.theta = theta }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    return Tensor.select(x.isGreater(than: Tensor(theta)), x, 0)
  }
}
