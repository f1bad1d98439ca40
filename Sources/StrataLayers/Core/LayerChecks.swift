import StrataCore
import StrataTensor

extension Layer {
  /// The error of this layer for what it was given.
  func failure(_ expected: String, _ found: String) -> LayerError {
    LayerError(layer: description, expected: expected, found: found)
  }

  /// An axis counted with the batch axis (negative: from the end) as an index of a shape without it.
  ///
  /// - Throws: `LayerError` if there is no such axis, or it is the batch axis.
  func position(of axis: Int, in shape: Shape) throws(LayerError) -> Int {
    let position = axis < 0 ? axis + shape.rank : axis - 1
    guard (0..<shape.rank).contains(position) else {
      throw failure("an input with an axis \(axis)", "\(shape)")
    }
    return position
  }

  /// Checks a fraction of units to drop.
  ///
  /// - Throws: `LayerError` for a rate outside of 0..<1.
  func checkRate(_ rate: Float, _ name: String) throws(LayerError) {
    guard (0..<1).contains(rate) else { throw failure("\(name) in 0..<1", "\(rate)") }
  }

  /// Checks a size that a setting gives.
  ///
  /// - Throws: `LayerError` for a size below 1.
  func checkPositive(_ size: Int, _ name: String) throws(LayerError) {
    guard size > 0 else { throw failure("\(name) of at least 1", "\(size)") }
  }
}
