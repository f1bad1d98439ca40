public import StrataCore
public import StrataTensor

/// The middle of images; of images that are too small, the largest part of that shape, enlarged.
///
///     x [batch, h, w, channels]    y [batch, height, width, channels]
///
/// Source: Keras since 2.6; smaller images are scaled as by `Resizing` with `cropToAspectRatio`.
public struct CenterCrop: Layer {
  public static let name = "CenterCrop"

  public var height: Int
  public var width: Int
  public var dataFormat: DataFormat

  public init(height: Int, width: Int, dataFormat: DataFormat = .channelsLast) {
    self.height = height
    self.width = width
    self.dataFormat = dataFormat
  }

  private var scale: ImageScale {
    ImageScale(height: height, width: width, interpolation: .bilinear, dataFormat: dataFormat)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try scale.outputShape(inputs, of: self)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let image = inputs[0].asFloat32()
    let x = dataFormat.last(image)
    let spare = [x.shape[1] - height, x.shape[2] - width]
    guard spare.allSatisfy({ $0 >= 0 }) else { return scale.cropped(image) }
    let start = [0, spare[0] / 2, spare[1] / 2, 0]
    return dataFormat.restored(
      x.slice(start: start, size: [x.shape[0], height, width, x.shape[3]]))
  }
}
