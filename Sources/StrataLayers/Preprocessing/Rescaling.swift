public import StrataCore
public import StrataTensor

/// A straight line applied to every element: `y = scale·x + offset`.
///
///     x [batch, …]    y [batch, …]
public struct Rescaling: Layer {
  public static let name = "Rescaling"
  public static let supportsMasking = true

  public var scale: Float
  public var offset: Float

  public init(
    scale: Float, offset: Float = 0
  ) {
    self.scale = scale
    self.offset = offset
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].asFloat32() * scale + offset
  }
}
