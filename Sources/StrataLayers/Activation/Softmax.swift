public import StrataCore
public import StrataTensor

/// Softmax along one axis: `y = exp(x - max) / Σ exp(x - max)`.
///
///     x [batch, …]    y [batch, …]
public struct Softmax: Layer {
  public static let name = "Softmax"
  public static let supportsMasking = true

  /// Counted with the batch axis; negative from the end.
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    _ = try position(of: axis, in: input)
    return input
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    Formulas.softmax(inputs[0], axis: axis)
  }
}
