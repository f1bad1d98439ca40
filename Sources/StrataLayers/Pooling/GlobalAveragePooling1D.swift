public import StrataCore
public import StrataTensor

/// The mean of each channel.
///
///     x [batch, length, channels]    y [batch, channels]
///
/// With a mask, absent time steps do not count.
public struct GlobalAveragePooling1D: Layer {
  public static let name = "GlobalAveragePooling1D"
  public static let supportsMasking = true

  public var dataFormat: DataFormat
  /// Whether the reduced axes stay, with size 1.
  public var keepsDimensions: Bool

  public init(dataFormat: DataFormat = .channelsLast, keepsDimensions: Bool = false) {
    self.dataFormat = dataFormat
    self.keepsDimensions = keepsDimensions
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let image = try image(try single(inputs), 1, dataFormat)
    guard image.count > 0 else { throw failure("an input that is not empty", "\(inputs[0])") }
    let ones = [Int](repeating: 1, count: keepsDimensions ? 1 : 0)
    return dataFormat.restored(Shape(ones + [image.last]))
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = dataFormat.last(inputs[0])
    guard let mask = context.masks.first ?? nil else {
      return dataFormat.reduced(
        x.mean(axes: [1], keepingDimensions: keepsDimensions), keepsDimensions)
    }
    let present = mask.reshaped([x.shape[0], x.shape[1], 1])
    let sum = (x * present).sum(axes: [1], keepingDimensions: keepsDimensions)
    let count = present.sum(axes: [1], keepingDimensions: keepsDimensions)
    return dataFormat.reduced(sum / count, keepsDimensions)
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? { nil }
}
