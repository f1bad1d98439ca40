public import StrataCore
public import StrataTensor

/// The product of the inputs: `y = x₁·x₂·…`, element by element, from the first input to the last.
///
///     xᵢ [batch, …], sizes equal or 1    y [batch, …]
///
/// Masks: a time step is present where it is in every masked input.
public struct Multiply: Layer {
  public static let name = "Multiply"
  public static let supportsMasking = true

  public init() {}

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try elementwiseShape(inputs)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs.folded(*)
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    commonMask(context)
  }
}
