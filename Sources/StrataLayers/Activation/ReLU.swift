public import StrataCore
public import StrataTensor

/// A rectifier with a limit, a slope below and a threshold.
///
///     y = maxValue                           where x ≥ maxValue
///     y = x                                  where threshold ≤ x < maxValue
///     y = negativeSlope·(x - threshold)      where x < threshold
///
///     x [batch, …]    y [batch, …]
public struct ReLU: Layer {
  public static let name = "ReLU"
  public static let supportsMasking = true

  /// nil: no limit.
  public var maxValue: Float?
  public var negativeSlope: Float
  public var threshold: Float

  public init(maxValue: Float? = nil, negativeSlope: Float = 0, threshold: Float = 0) {
    self.maxValue = maxValue
    self.negativeSlope = negativeSlope
    self.threshold = threshold
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let below = negativeSlope == 0 ? 0 : negativeSlope * (x - threshold)
    let y = Tensor.select(x.isGreater(than: Tensor(threshold)), x, below)
    guard let maxValue else { return y }
    return Tensor.select(x.isLess(than: Tensor(maxValue)), y, Tensor(maxValue))
  }
}
