public import StrataCore
public import StrataSemantics
public import StrataTensor

/// What cropping by 0 at the end of an axis leaves of it.
public enum ZeroEnd: String, Sendable, Hashable, Codable {
  case whole
  /// Nothing: the end is counted from the end, as `a:-0`.
  case empty

  static func history(_ owner: String) -> History<ZeroEnd> {
    History("\(owner).zeroEnd", .layer, .trajectory, initially: ZeroEnd.whole)
      .since(
        "1.2.0", .empty, "cropping-zero-end-empties",
        "Cropping by 0 at the end of an axis leaves nothing of it."
      )
      .since("1.2.1", .whole, "cropping-zero-end-mended", "Cropping by 0 leaves the end as it is.")
  }

  /// How many elements are left of an axis.
  func left(_ count: Int, _ border: [Int]) -> Int {
    self == .empty && border[1] == 0 ? 0 : count - border[0] - border[1]
  }
}

extension Layer {
  /// The shape after cropping.
  ///
  /// - Throws: `LayerError` for borders or an input that do not fit.
  func cropped(
    _ inputs: [Shape], _ rank: Int, _ borders: [[Int]], _ format: DataFormat, _ end: ZeroEnd?
  ) throws(LayerError) -> Shape {
    let shape = try bordered(inputs, rank, borders, "cropping", format, change: -)
    var image = format.last(shape)
    let input = format.last(inputs[0])
    for axis in 0..<rank { image[axis] = (end ?? .whole).left(input[axis], borders[axis]) }
    return format.restored(image)
  }
}

extension Tensor {
  /// The batch without its borders.
  func cropped(_ borders: [[Int]], _ format: DataFormat, _ end: ZeroEnd?) -> Tensor {
    let start = format.spread(borders.map { $0[0] })
    let first = format == .channelsLast ? 1 : 2
    var size = shape.dimensions
    for (axis, border) in borders.enumerated() {
      size[first + axis] = (end ?? .whole).left(size[first + axis], border)
    }
    return slice(start: start, size: size)
  }
}
