import StrataCore
import StrataTensor

extension Layer {
  /// Checks pairs of numbers, one pair (before, after) for each spatial axis.
  ///
  /// - Throws: `LayerError` naming the setting.
  func checkBorders(_ borders: [[Int]], _ name: String, _ rank: Int) throws(LayerError) {
    let isFine =
      borders.count == rank && borders.allSatisfy { $0.count == 2 && $0.allSatisfy { $0 >= 0 } }
    guard isFine else {
      throw failure("\(name) of \(rank) pairs [before, after]", "\(borders)")
    }
  }

  /// The shape after `change(size, border)` of each spatial axis.
  ///
  /// - Throws: `LayerError` for borders or an input that do not fit.
  func bordered(
    _ inputs: [Shape], _ rank: Int, _ borders: [[Int]], _ name: String, _ format: DataFormat,
    change: (Int, Int) -> Int
  ) throws(LayerError) -> Shape {
    try checkBorders(borders, name, rank)
    var image = try image(try single(inputs), rank, format)
    for axis in 0..<rank { image[axis] = change(image[axis], borders[axis].reduce(0, +)) }
    guard image.dimensions.prefix(rank).allSatisfy({ $0 > 0 }) else {
      throw failure("an input larger than \(borders)", "\(inputs[0])")
    }
    return format.restored(image)
  }
}

extension DataFormat {
  /// A number for each axis of a batch: 0 for batch and channels, the given ones between.
  func spread(_ values: [Int]) -> [Int] {
    self == .channelsLast ? [0] + values + [0] : [0, 0] + values
  }
}
