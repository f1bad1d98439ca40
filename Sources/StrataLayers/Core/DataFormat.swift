import StrataTensor

/// Where an image holds its channels.
public enum DataFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// `[height, width, channels]`
  case channelsLast = "channels_last"
  /// `[channels, height, width]`
  case channelsFirst = "channels_first"

  /// The shape with channels last.
  func last(_ shape: Shape) -> Shape {
    self == .channelsLast || shape.rank < 2
      ? shape : Shape(shape.dimensions.dropFirst() + [shape[0]])
  }

  /// A shape with channels last in this format.
  func restored(_ shape: Shape) -> Shape {
    self == .channelsLast ? shape : Shape([shape.last] + shape.dimensions.dropLast())
  }

  /// The batch with channels last.
  func last(_ x: Tensor) -> Tensor {
    self == .channelsLast || x.rank < 3 ? x : x.transposed([0] + Array(2..<x.rank) + [1])
  }

  /// A batch with channels last in this format.
  func restored(_ x: Tensor) -> Tensor {
    self == .channelsLast || x.rank < 3
      ? x : x.transposed([0, x.rank - 1] + Array(1..<(x.rank - 1)))
  }
}
