/// The sizes of a tensor's axes, outermost first.
///
/// `[]` is a scalar.
public struct Shape: Sendable, Hashable, Codable, ExpressibleByArrayLiteral {
  public var dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }
  public init(arrayLiteral elements: Int...) { dimensions = elements }
  public init(from decoder: any Decoder) throws {
    dimensions = try decoder.singleValueContainer().decode([Int].self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }

  /// The most axes that an operation handles.
  public static let maximumRank = 8

  public var rank: Int { dimensions.count }
  /// The number of elements: 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }
  /// The number of elements, nil if a size is negative or there are more than memory can hold (2^40).
  package var checkedCount: Int? {
    var count = 1
    for size in dimensions {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflows, product <= 1 << 40 else { return nil }
      count = product
    }
    return count
  }
  public var last: Int { dimensions.last ?? 1 }

  public subscript(_ axis: Int) -> Int {
    get { dimensions[axis < 0 ? axis + rank : axis] }
    set { dimensions[axis < 0 ? axis + rank : axis] = newValue }
  }

  /// Row-major strides, in elements.
  package var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      result[axis] = result[axis + 1] * dimensions[axis + 1]
    }
    return result
  }

  public func replacingLast(with size: Int) -> Shape { Shape(dimensions.dropLast() + [size]) }
  /// The shape with a batch axis of `size` in front.
  public func batched(_ size: Int) -> Shape { Shape([size] + dimensions) }
  public func droppingFirst(_ count: Int = 1) -> Shape { Shape(Array(dimensions.dropFirst(count))) }

  /// NumPy's broadcasting of two shapes, or nil where they do not match.
  public func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    let rank = max(rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for back in 1...max(rank, 1) where rank > 0 {
      let a = back <= self.rank ? dimensions[self.rank - back] : 1
      let b = back <= other.rank ? other.dimensions[other.rank - back] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[rank - back] = a == 1 ? b : a
    }
    return Shape(result)
  }

  /// Element strides of this shape read as `target`: 0 along broadcast axes.
  package func strides(broadcastTo target: Shape) -> [Int] {
    let own = strides
    let shift = target.rank - rank
    return (0..<target.rank).map { axis in
      axis < shift || dimensions[axis - shift] == 1 ? 0 : own[axis - shift]
    }
  }
}

extension Shape: CustomStringConvertible {
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}

/// The type of a tensor's elements.
public enum ElementType: String, Sendable, Hashable, Codable {
  case float32, int32
}

/// Shape and element type: what is known of a tensor before its values.
public struct TensorType: Sendable, Hashable, Codable, CustomStringConvertible {
  public var shape: Shape
  public var element: ElementType

  public init(_ shape: Shape, _ element: ElementType = .float32) {
    self.shape = shape
    self.element = element
  }
  package var byteCount: Int { shape.count * 4 }
  public var description: String { element == .float32 ? "\(shape)" : "\(element)\(shape)" }
}
