public import StrataCore
public import StrataTensor

/// A layer that ends in an activation, so that a loss can be computed from what goes into it.
public protocol ActivatedLayer: Layer {
  var activation: Activation { get }
  /// What goes into the activation, of the shape of the output.
  func preActivation(_ inputs: [Tensor], _ context: LayerContext) -> Tensor
}

extension ActivatedLayer {
  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    activation(preActivation(inputs, context))
  }
}
