public import StrataCore
public import StrataTensor

/// All axes but the batch in one, row by row.
///
///     x [batch, …]    y [batch, product of the rest]
public struct Flatten: Layer {
  public static let name = "Flatten"

  /// With channels first, the channels are moved to the end before flattening.
  public var dataFormat: DataFormat

  public init(dataFormat: DataFormat = .channelsLast) { self.dataFormat = dataFormat }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    [try single(inputs).count]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    var x = inputs[0]
    if dataFormat == .channelsFirst, x.rank > 2 {
      x = x.transposed([0] + Array(2..<x.rank) + [1])
    }
    return x.reshaped([x.shape[0], x.shape.droppingFirst().count])
  }
}
