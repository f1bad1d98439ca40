public import StrataCore
public import StrataTensor

/// Images of another size.
///
///     x [batch, h, w, channels]    y [batch, height, width, channels]
///
/// Distances are measured from pixel centres; nothing is smoothed when an image shrinks. Source:
/// TensorFlow 2's `image.resize` without antialiasing; Keras since 2.6.
public struct Resizing: Layer {
  public static let name = "Resizing"

  public var height: Int
  public var width: Int
  public var interpolation: UpSampling2D.Interpolation
  /// Cuts off what does not fit, instead of stretching.
  public var cropToAspectRatio: Bool
  /// Adds borders of zeros, instead of stretching.
  public var padToAspectRatio: Bool
  public var dataFormat: DataFormat

  public init(
    height: Int, width: Int, interpolation: UpSampling2D.Interpolation = .bilinear,
    cropToAspectRatio: Bool = false, padToAspectRatio: Bool = false,
    dataFormat: DataFormat = .channelsLast
  ) {
    self.height = height
    self.width = width
    self.interpolation = interpolation
    self.cropToAspectRatio = cropToAspectRatio
    self.padToAspectRatio = padToAspectRatio
    self.dataFormat = dataFormat
  }

  private var scale: ImageScale {
    ImageScale(
      height: height, width: width, interpolation: interpolation, dataFormat: dataFormat)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard !cropToAspectRatio || !padToAspectRatio else {
      throw failure("one of cropToAspectRatio and padToAspectRatio", "both")
    }
    return try scale.outputShape(inputs, of: self)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    if padToAspectRatio { return scale.padded(inputs[0].asFloat32()) }
    return cropToAspectRatio
      ? scale.cropped(inputs[0].asFloat32()) : scale.apply(inputs[0].asFloat32())
  }
}
