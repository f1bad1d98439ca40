public import StrataCore
public import StrataTensor

/// Adds zeros before and after each spatial axis.
///
///     x [batch, depth, height, width, channels]    y: each spatial axis and both borders
public struct ZeroPadding3D: Layer {
  public static let name = "ZeroPadding3D"

  /// Before and after the planes, the rows, the columns.
  public var padding: [[Int]]
  public var dataFormat: DataFormat

  public init(
    padding: [[Int]] = [[1, 1], [1, 1], [1, 1]], dataFormat: DataFormat = .channelsLast
  ) {
    self.padding = padding
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try bordered(inputs, 3, padding, "padding", dataFormat, change: +)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].padded(
      before: dataFormat.spread(padding.map { $0[0] }),
      after: dataFormat.spread(padding.map { $0[1] }))
  }
}
