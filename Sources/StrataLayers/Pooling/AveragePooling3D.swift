public import StrataCore
public import StrataSemantics
public import StrataTensor

/// The mean of each window, channel by channel.
///
///     x [batch, depth, height, width, channels]    y [batch, outDepth, outHeight, outWidth, channels]
///
/// Padding does not count in the mean. Windows are pooled plane by plane, then across planes.
public struct AveragePooling3D: Layer {
  public static let name = "AveragePooling3D"

  public var poolSize: [Int]
  /// nil: as `poolSize`.
  public var strides: [Int]?
  public var padding: Padding
  public var dataFormat: DataFormat
  public var form: PoolingForm?

  public init(
    poolSize: [Int] = [2, 2, 2], strides: [Int]? = nil, padding: Padding = .valid,
    dataFormat: DataFormat = .channelsLast, form: PoolingForm? = nil
  ) {
    self.poolSize = poolSize
    self.strides = strides
    self.padding = padding
    self.dataFormat = dataFormat
    self.form = form
  }

  public mutating func resolve(under semantics: Semantics) {
    if form == nil { form = PoolingForm(semantics) }
  }

  private var settings: PoolingSettings {
    PoolingSettings(
      poolSize: poolSize, strides: strides, padding: padding, dataFormat: dataFormat)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try settings.outputShape(inputs, 3, of: self)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let form = context.resolved(form, "form", else: .modern)
    return settings.applyToVolumes(inputs[0], form) { $0.averagePooling2D($1) }
  }
}
