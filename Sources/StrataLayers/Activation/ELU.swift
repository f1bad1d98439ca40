public import StrataCore
public import StrataTensor

/// An exponential linear unit: `y = x` above 0, `alpha·(exp(x) - 1)` below.
///
///     x [batch, …]    y [batch, …]
///
/// Source: Clevert, Unterthiner & Hochreiter 2015 (arXiv:1511.07289).
public struct ELU: Layer {
  public static let name = "ELU"
  public static let supportsMasking = true

  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    Formulas.elu(inputs[0], alpha: alpha)
  }
}
