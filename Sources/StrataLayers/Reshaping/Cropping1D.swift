public import StrataCore
public import StrataTensor

/// Cuts elements off before and after each sequence.
///
///     x [batch, length, channels]    y [batch, length - both borders, channels]
public struct Cropping1D: Layer {
  public static let name = "Cropping1D"

  /// Before and after.
  public var cropping: [Int]

  public init(cropping: [Int] = [1, 1]) {
    self.cropping = cropping
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try bordered(inputs, 1, [cropping], "cropping", .channelsLast, change: -)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].slice(axis: 1, cropping[0]..<(inputs[0].shape[1] - cropping[1]))
  }
}
