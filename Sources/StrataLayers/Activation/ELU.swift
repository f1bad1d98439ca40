public import StrataCore
public import StrataSemantics
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
  public var form: RectifierForm?

  public init(alpha: Float = 1, form: RectifierForm? = nil) {
    self.alpha = alpha
    self.form = form
  }

  public mutating func resolve(under semantics: Semantics) {
    // Until 1.1.1 the layer is written by halves on every backend.
    let isOld = semantics.position(for: "elu.form") < "1.1.1"
    form = form ?? (isOld ? .byHalves : .bySelection)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard form == .byHalves else { return Formulas.elu(x, alpha: alpha) }
    return Formulas.positive(x) + alpha * (Formulas.negative(x).exp() - 1)
  }
}
