import StrataCore
import StrataTensor

/// Images scaled to another size, after a part is cut out or borders of zeros are added.
struct ImageScale {
  var height: Int
  var width: Int
  var interpolation: UpSampling2D.Interpolation
  var dataFormat: DataFormat

  /// - Throws: `LayerError` of `layer` for an input that is no image, or sizes below 1.
  func outputShape(_ inputs: [Shape], of layer: some Layer) throws(LayerError) -> Shape {
    let image = try layer.image(try layer.single(inputs), 2, dataFormat)
    try layer.checkPositive(height, "height")
    try layer.checkPositive(width, "width")
    guard image[0] > 0, image[1] > 0 else {
      throw layer.failure("an input that is not empty", "\(inputs[0])")
    }
    return dataFormat.restored(Shape([height, width, image.last]))
  }

  /// The whole batch, stretched.
  func apply(_ batch: Tensor) -> Tensor { dataFormat.restored(scaled(dataFormat.last(batch))) }

  /// The largest part in the middle that has the shape of the result, scaled.
  func cropped(_ batch: Tensor) -> Tensor {
    let x = dataFormat.last(batch)
    let (rows, columns) = (x.shape[1], x.shape[2])
    let part = [
      max(min(rows, columns * height / width), 1), max(min(columns, rows * width / height), 1),
    ]
    let start = [0, (rows - part[0]) / 2, (columns - part[1]) / 2, 0]
    let middle = x.slice(start: start, size: [x.shape[0]] + part + [x.shape[3]])
    return dataFormat.restored(scaled(middle))
  }

  /// The batch with borders of zeros that give it the shape of the result, scaled.
  func padded(_ batch: Tensor) -> Tensor {
    let x = dataFormat.last(batch)
    let sizes = [x.shape[1], x.shape[2]]
    let whole = [
      max(sizes[0], sizes[1] * height / width), max(sizes[1], sizes[0] * width / height),
    ]
    // Both sides get the same, so of an odd number one is left out.
    let borders = [0] + zip(whole, sizes).map { ($0 - $1) / 2 } + [0]
    return dataFormat.restored(scaled(x.padded(before: borders, after: borders)))
  }

  /// `[batch, rows, columns, channels]` at the new size.
  private func scaled(_ x: Tensor) -> Tensor {
    let rows = weights(x.shape[1], height)
    let columns = weights(x.shape[2], width)
    let tall = x.transposed([0, 2, 3, 1]).matmul(rows).transposed([0, 3, 2, 1])
    return tall.matmul(columns).transposed([0, 1, 3, 2])
  }

  /// `[count, target]`: what each pixel gives to each pixel of the result, whose centre lies at
  /// `(i + ½)·count/target − ½`.
  private func weights(_ count: Int, _ target: Int) -> Tensor {
    var values = [Float](repeating: 0, count: count * target)
    let scale = Float(count) / Float(target)
    for index in 0..<target {
      let centre = (Float(index) + 0.5) * scale
      switch interpolation {
      case .nearest:
        values[min(Int(centre.rounded(.down)), count - 1) * target + index] = 1
      case .bilinear:
        let low = (centre - 0.5).rounded(.down)
        let share = centre - 0.5 - low
        for (pixel, weight) in [(Int(low), 1 - share), (Int(low) + 1, share)] {
          values[min(max(pixel, 0), count - 1) * target + index] += weight
        }
      }
    }
    return Tensor(values, shape: [count, target])
  }
}
