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

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard activation == .glu else { return input }
    guard input.rank > 0, input.last % 2 == 0 else {
      throw failure("an input whose last axis has two halves", "\(input)")
    }
    return input.replacingLast(with: input.last / 2)
  }

  public func preActivation(_ inputs: [Tensor], _ context: LayerContext) -> Tensor { inputs[0] }
}
