public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A rectifier that leaks: `y = x` above 0, `negativeSlope·x` below.
///
///     x [batch, …]    y [batch, …]
///
/// Source: Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models".
public struct LeakyReLU: Layer {
  public static let name = "LeakyReLU"
  public static let supportsMasking = true

  /// `alpha` before Keras 3.
  public var negativeSlope: Float
  public var form: RectifierForm?

  public init(negativeSlope: Float = 0.3, form: RectifierForm? = nil) {
    self.negativeSlope = negativeSlope
    self.form = form
  }

  public mutating func resolve(under semantics: Semantics) {
    form = form ?? .of(semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard form == .byHalves else { return Formulas.leakyRelu(x, slope: negativeSlope) }
    return Formulas.positive(x) + negativeSlope * Formulas.negative(x)
  }
}
