public import StrataCore
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

  public init(negativeSlope: Float = 0.3) { self.negativeSlope = negativeSlope }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    Formulas.leakyRelu(inputs[0], slope: negativeSlope)
  }
}
