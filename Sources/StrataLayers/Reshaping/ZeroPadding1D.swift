public import StrataCore
public import StrataTensor

/// Adds zeros before and after each sequence.
///
///     x [batch, length, channels]    y [batch, length + both borders, channels]
public struct ZeroPadding1D: Layer {
  public static let name = "ZeroPadding1D"

  /// Before and after.
  public var padding: [Int]

  public init(padding: [Int] = [1, 1]) {
    self.padding = padding
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try bordered(inputs, 1, [padding], "padding", .channelsLast, change: +)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].padded(before: [0, padding[0], 0], after: [0, padding[1], 0])
  }
}
