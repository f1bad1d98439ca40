public import StrataCore
public import StrataTensor

/// Adds zeros before and after each spatial axis.
///
///     x [batch, height, width, channels]    y [batch, height, width + both borders, channels]
public struct ZeroPadding2D: Layer {
  public static let name = "ZeroPadding2D"

  /// Before and after the rows, before and after the columns.
  public var padding: [[Int]]
  public var dataFormat: DataFormat

  public init(padding: [[Int]] = [[1, 1], [1, 1]], dataFormat: DataFormat = .channelsLast) {
    self.padding = padding
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try bordered(inputs, 2, padding, "padding", dataFormat, change: +)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].padded(
      before: dataFormat.spread(padding.map { $0[0] }),
      after: dataFormat.spread(padding.map { $0[1] }))
  }
}
