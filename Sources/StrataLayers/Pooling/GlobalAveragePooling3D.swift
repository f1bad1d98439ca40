public import StrataCore
public import StrataTensor

/// The mean of each channel.
///
///     x [batch, depth, height, width, channels]    y [batch, channels]
public struct GlobalAveragePooling3D: Layer {
  public static let name = "GlobalAveragePooling3D"

  public var dataFormat: DataFormat
  /// Whether the reduced axes stay, with size 1.
  public var keepsDimensions: Bool

  public init(
    dataFormat: DataFormat = .channelsLast, keepsDimensions: Bool = false
  ) {
    self.dataFormat = dataFormat
    self.keepsDimensions = keepsDimensions
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let image = try image(try single(inputs), 3, dataFormat)
    guard image.count > 0 else { throw failure("an input that is not empty", "\(inputs[0])") }
    let ones = [Int](repeating: 1, count: keepsDimensions ? 3 : 0)
    return dataFormat.restored(Shape(ones + [image.last]))
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = dataFormat.last(inputs[0])
    let y = x.mean(axes: [1, 2, 3], keepingDimensions: keepsDimensions)
    return dataFormat.reduced(y, keepsDimensions)
  }
}
