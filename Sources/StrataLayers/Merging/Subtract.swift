public import StrataCore
public import StrataTensor

/// The difference of two inputs: `y = x₁ - x₂`, element by element.
///
///     x₁, x₂ [batch, …], sizes equal or 1    y [batch, …]
///
/// Masks: a time step is present where it is in every masked input.
public struct Subtract: Layer {
  public static let name = "Subtract"
  public static let supportsMasking = true

  public init() {}

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count == 2 else { throw failure("two inputs", "\(inputs.count)") }
    return try elementwiseShape(inputs)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0] - inputs[1]
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    commonMask(context)
  }
}
