import StrataCore
import StrataTensor

/// How whole numbers below `depth` become rows of numbers.
struct TokenEncoding {
  var depth: Int
  var mode: TokenMode

  /// The shape for samples of a shape; nil if the mode has no use for it.
  func shape(_ input: Shape) -> Shape? {
    switch mode {
    case .int: input
    case .oneHot: Shape(elements(input).dimensions + [depth])
    case .multiHot, .count: input.rank > 0 ? input.replacingLast(with: depth) : nil
    }
  }

  /// An axis of size 1 at the end is that of a single number.
  private func elements(_ input: Shape) -> Shape {
    input.rank > 0 && input.last == 1 ? Shape(Array(input.dimensions.dropLast())) : input
  }

  /// The encoded batch; numbers that are not below `depth` are rows of zeros.
  func encode(_ x: Tensor) -> Tensor {
    let sample = x.shape.droppingFirst()
    let numbers = x.asFloat32()
    if mode == .int { return numbers }
    let places = Tensor((0..<depth).map(Float.init), shape: [depth])
    if mode == .oneHot {
      let shape = elements(sample).batched(x.shape[0])
      return numbers.reshaped(Shape(shape.dimensions + [1])).isEqual(to: places)
    }
    let rows = numbers.reshaped(Shape(x.shape.dimensions + [1])).isEqual(to: places)
    let axis = x.rank - 1
    return mode == .count ? rows.sum(axes: [axis]) : rows.max(axes: [axis])
  }
}

/// What becomes of whole numbers.
public enum TokenMode: String, Sendable, Hashable, Codable {
  /// They stay.
  case int
  /// A 1 in a row of zeros for each number.
  case oneHot = "one_hot"
  /// A row for each sample, 1 for every number that occurs in its last axis.
  case multiHot = "multi_hot"
  /// A row for each sample, with how often every number occurs in its last axis.
  case count
}
