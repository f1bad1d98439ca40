public import StrataCore
public import StrataSemantics
public import StrataTensor

/// An exponential linear unit: `y = x` above 0, `alpha·(exp(x) - 1)` below.
///
///     x [batch, …]    y [batch, …]
///
/// Source: Clevert, Unterthiner & Hochreiter 2015 (arXiv:1511.07289).
public struct ELU: Layer, Versioned {
  public static let name = "ELU"
  public static let supportsMasking = true

  public var alpha: Float
  public var form: RectifierForm?

  public init(alpha: Float = 1, form: RectifierForm? = nil) {
    self.alpha = alpha
    self.form = form
  }

  public static let formHistory = History<RectifierForm>(
    "elu.form", .layer, .trajectory, initially: .byHalves
  )
  .since(
    "1.1.1", .bySelection, "elu-derivative-at-0",
    "The derivative at exactly 0 is that from below, no longer the mean of both sides.")

  public static var histories: [any AnyHistory] { [formHistory] }

  public mutating func resolve(under semantics: Semantics) {
    form.resolve(Self.formHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard form == .byHalves else { return Formulas.elu(x, alpha: alpha) }
    return Formulas.positive(x) + alpha * (Formulas.negative(x).exp() - 1)
  }
}
