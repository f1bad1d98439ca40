public import StrataCore
public import StrataTensor

/// Cuts elements off before and after each spatial axis.
///
///     x [batch, height, width, channels]    y [batch, height, width - both borders, channels]
public struct Cropping2D: Layer {
  public static let name = "Cropping2D"

  /// Before and after the rows, before and after the columns.
  public var cropping: [[Int]]
  public var dataFormat: DataFormat

  public init(cropping: [[Int]] = [[0, 0], [0, 0]], dataFormat: DataFormat = .channelsLast) {
    self.cropping = cropping
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try bordered(inputs, 2, cropping, "cropping", dataFormat, change: -)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let start = dataFormat.spread(cropping.map { $0[0] })
    let cut = dataFormat.spread(cropping.map { $0[0] + $0[1] })
    return x.slice(start: start, size: zip(x.shape.dimensions, cut).map(-))
  }
}
