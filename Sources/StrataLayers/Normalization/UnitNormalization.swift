public import StrataCore
public import StrataTensor

/// Divides each sample by its length along some axes: `y = x / √max(Σx², 10⁻¹²)`.
///
///     x [batch, …]    y [batch, …]
public struct UnitNormalization: Layer {
  public static let name = "UnitNormalization"
  public static let supportsMasking = true

  /// Counted with the batch axis; negative from the end.
  public var axis: [Int]

  public init(
    axis: [Int] = [-1]
  ) {
    self.axis = axis
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    for one in axis { _ = try position(of: one, in: input) }
    return input
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let axes = Set(axis.map { $0 < 0 ? $0 + x.rank : $0 }).sorted()
    let squares = x.square().sum(axes: axes, keepingDimensions: true)
    return x / Tensor.maximum(squares, 1e-12).squareRoot()
  }
}
