public import StrataCore
public import StrataTensor

/// The place of an input in a model's description; passes it on.
///
///     x [batch] + shape    y [batch] + shape
public struct InputLayer: Layer {
  public static let name = "InputLayer"
  public static let supportsMasking = true

  /// Without the batch axis.
  public var shape: Shape
  public var element: ElementType

  public init(shape: Shape, element: ElementType = .float32) {
    self.shape = shape
    self.element = element
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard input == shape else { throw failure("input \(shape)", "\(input)") }
    return shape
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor { inputs[0] }
}
