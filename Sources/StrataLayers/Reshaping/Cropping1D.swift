public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Cuts elements off before and after each sequence.
///
///     x [batch, length, channels]    y [batch, length - both borders, channels]
public struct Cropping1D: Layer, Versioned {
  public static let name = "Cropping1D"

  /// Before and after.
  public var cropping: [Int]

  public var zeroEnd: ZeroEnd?

  public init(cropping: [Int] = [1, 1], zeroEnd: ZeroEnd? = nil) {
    self.cropping = cropping
    self.zeroEnd = zeroEnd
  }

  public static let zeroEndHistory = ZeroEnd.history("cropping1D")
  public static var histories: [any AnyHistory] { [zeroEndHistory] }

  public mutating func resolve(under semantics: Semantics) {
    zeroEnd.resolve(Self.zeroEndHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try cropped(inputs, 1, [cropping], .channelsLast, zeroEnd)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].cropped([cropping], .channelsLast, zeroEnd)
  }
}
