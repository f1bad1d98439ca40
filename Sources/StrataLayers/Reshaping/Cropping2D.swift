public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Cuts elements off before and after each spatial axis.
///
///     x [batch, height, width, channels]    y [batch, height, width - both borders, channels]
public struct Cropping2D: Layer, Versioned {
  public static let name = "Cropping2D"

  /// Before and after the rows, before and after the columns.
  public var cropping: [[Int]]
  public var dataFormat: DataFormat
  public var zeroEnd: ZeroEnd?

  public init(
    cropping: [[Int]] = [[0, 0], [0, 0]], dataFormat: DataFormat = .channelsLast,
    zeroEnd: ZeroEnd? = nil
  ) {
    self.cropping = cropping
    self.dataFormat = dataFormat
    self.zeroEnd = zeroEnd
  }

  public static let zeroEndHistory = ZeroEnd.history("cropping2D")
  public static var histories: [any AnyHistory] { [zeroEndHistory] }

  public mutating func resolve(under semantics: Semantics) {
    zeroEnd.resolve(Self.zeroEndHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try cropped(inputs, 2, cropping, dataFormat, zeroEnd)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].cropped(cropping, dataFormat, zeroEnd)
  }
}
