public import StrataCore
public import StrataTensor

/// Repeats each time step.
///
///     x [batch, length, channels]    y [batch, size·length, channels]
///
/// `length` instead of `size` in files before Keras 2.
public struct UpSampling1D: Layer {
  public static let name = "UpSampling1D"

  public var size: Int

  public init(size: Int = 2) { self.size = size }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkPositive(size, "size")
    let image = try image(try single(inputs), 1, .channelsLast)
    return [image[0] * size, image[1]]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].repeated(size, axis: 1)
  }
}

extension Tensor {
  /// Each element of an axis `count` times in a row.
  func repeated(_ count: Int, axis: Int) -> Tensor {
    guard count > 1 else { return self }
    var (one, many, result) = (shape.dimensions, shape.dimensions, shape.dimensions)
    one.insert(1, at: axis + 1)
    many.insert(count, at: axis + 1)
    result[axis] *= count
    return reshaped(Shape(one)).broadcast(to: Shape(many)).reshaped(Shape(result))
  }
}
