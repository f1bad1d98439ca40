import StrataCore
import StrataTensor

/// Windows that divide an axis into a given number of parts, as even as whole elements allow.
///
/// Part i of m covers the elements from ⌊i·n/m⌋ up to ⌈(i + 1)·n/m⌉; neighbours may share one.
struct AdaptiveWindows {
  var outputSize: [Int]
  var dataFormat: DataFormat

  /// - Throws: `LayerError` of `layer` for settings or an input that cannot be used.
  func outputShape(
    _ inputs: [Shape], _ rank: Int, of layer: some Layer
  ) throws(LayerError) -> Shape {
    try layer.checkAxes([("outputSize", outputSize)], rank)
    let image = try layer.image(try layer.single(inputs), rank, dataFormat)
    guard image.dimensions.prefix(rank).allSatisfy({ $0 > 0 }) else {
      throw layer.failure("an input that is not empty", "\(inputs[0])")
    }
    return dataFormat.restored(Shape(outputSize + [image.last]))
  }

  /// The batch with `reduce` of each window, one axis after the other.
  func apply(_ x: Tensor, _ reduce: (Tensor, _ axis: Int) -> Tensor) -> Tensor {
    let first = dataFormat == .channelsLast ? 1 : 2
    var result = x
    for (index, parts) in outputSize.enumerated() {
      let (axis, count) = (first + index, x.shape[first + index])
      let windows = (0..<parts).map { part in
        let range = (part * count / parts)..<(((part + 1) * count + parts - 1) / parts)
        return reduce(result.slice(axis: axis, range), axis)
      }
      result = windows.count == 1 ? windows[0] : .concatenate(windows, axis: axis)
    }
    return result
  }
}
