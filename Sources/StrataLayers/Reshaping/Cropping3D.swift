public import StrataCore
public import StrataTensor

/// Cuts elements off before and after each spatial axis.
///
///     x [batch, depth, height, width, channels]    y: each spatial axis less both borders
public struct Cropping3D: Layer {
  public static let name = "Cropping3D"

  /// Before and after the planes, the rows, the columns.
  public var cropping: [[Int]]
  public var dataFormat: DataFormat

  public init(
    cropping: [[Int]] = [[1, 1], [1, 1], [1, 1]], dataFormat: DataFormat = .channelsLast
  ) {
    self.cropping = cropping
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try bordered(inputs, 3, cropping, "cropping", dataFormat, change: -)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let start = dataFormat.spread(cropping.map { $0[0] })
    let cut = dataFormat.spread(cropping.map { $0[0] + $0[1] })
    return x.slice(start: start, size: zip(x.shape.dimensions, cut).map(-))
  }
}
