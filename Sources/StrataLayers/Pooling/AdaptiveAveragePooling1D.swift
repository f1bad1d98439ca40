public import StrataCore
public import StrataTensor

/// The mean of each of a given number of windows, channel by channel.
///
///     x [batch, length, channels]    y [batch, outputSize, channels]
///
/// Window i of m covers the elements from ⌊i·n/m⌋ up to ⌈(i + 1)·n/m⌉ of an axis. Source: Keras 3.14.
public struct AdaptiveAveragePooling1D: Layer {
  public static let name = "AdaptiveAveragePooling1D"

  public var outputSize: [Int]
  public var dataFormat: DataFormat

  public init(outputSize: [Int], dataFormat: DataFormat = .channelsLast) {
    self.outputSize = outputSize
    self.dataFormat = dataFormat
  }

  private var windows: AdaptiveWindows {
    AdaptiveWindows(outputSize: outputSize, dataFormat: dataFormat)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try windows.outputShape(inputs, 1, of: self)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    windows.apply(inputs[0]) { $0.mean(axes: [$1], keepingDimensions: true) }
  }
}
