public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A function of every element: `y = activation(x)`, `Activation` in files.
///
///     x [batch, …]    y [batch, …]
public struct ActivationLayer: ActivatedLayer {
  public static let name = "Activation"
  public static let supportsMasking = true

  public var activation: Activation

  public init(activation: Activation) { self.activation = activation }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func preActivation(_ inputs: [Tensor], _ context: LayerContext) -> Tensor { inputs[0] }
}
