public import StrataCore
public import StrataTensor

/// Enlarges volumes by whole factors, each element repeated.
///
///     x [batch, depth, height, width, channels]    y: each spatial axis `size` times as long
public struct UpSampling3D: Layer {
  public static let name = "UpSampling3D"

  public var size: [Int]
  public var dataFormat: DataFormat

  public init(
    size: [Int] = [2, 2, 2], dataFormat: DataFormat = .channelsLast
  ) {
    self.size = size
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkAxes([("size", size)], 3)
    var image = try image(try single(inputs), 3, dataFormat)
    for axis in 0..<3 { image[axis] *= size[axis] }
    return dataFormat.restored(image)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let first = dataFormat == .channelsLast ? 1 : 2
    return size.indices.reduce(inputs[0]) { x, axis in
      x.repeated(size[axis], axis: first + axis)
    }
  }
}
