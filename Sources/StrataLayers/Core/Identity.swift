public import StrataCore
public import StrataTensor

/// Passes its input on.
///
///     x [batch, …]    y = x
public struct Identity: Layer {
  public static let name = "Identity"
  public static let supportsMasking = true

  public init() {}

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor { inputs[0] }
}
