public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Enlarges images by whole factors.
///
///     x [batch, height, width, channels]    y [batch, size₀·height, size₁·width, channels]
public struct UpSampling2D: Layer, Versioned {
  public static let name = "UpSampling2D"

  public enum Interpolation: String, Sendable, Hashable, Codable {
    /// Each pixel repeated.
    case nearest
    /// Weights by distance along each axis.
    case bilinear
  }

  /// Where the pixels of the result lie for `bilinear`.
  public enum Grid: String, Sendable, Hashable, Codable {
    /// Pixel i of the result at i / factor.
    case corners
    /// Pixel i of the result at (i + ½) / factor - ½.
    case centers
  }

  public var size: [Int]
  public var dataFormat: DataFormat
  public var interpolation: Interpolation
  public var grid: Grid?

  public init(
    size: [Int] = [2, 2], dataFormat: DataFormat = .channelsLast,
    interpolation: Interpolation = .nearest, grid: Grid? = nil
  ) {
    self.size = size
    self.dataFormat = dataFormat
    self.interpolation = interpolation
    self.grid = grid
  }

  public static let gridHistory = History<Grid>(
    "upSampling2D.grid", .layer, .trajectory, initially: .corners
  )
  .since(
    "2.4.0", .centers, "upsampling-bilinear-half-pixel-centers",
    "Bilinear enlargement measures distances from pixel centres.")

  public static var histories: [any AnyHistory] { [gridHistory] }

  public mutating func resolve(under semantics: Semantics) {
    grid.resolve(Self.gridHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkAxes([("size", size)], 2)
    var image = try image(try single(inputs), 2, dataFormat)
    for axis in 0..<2 { image[axis] *= size[axis] }
    return dataFormat.restored(image)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let first = dataFormat == .channelsLast ? 1 : 2
    guard interpolation == .bilinear else {
      return inputs[0].repeated(size[0], axis: first).repeated(size[1], axis: first + 1)
    }
    let grid = context.resolved(grid, "grid", else: .centers)
    let x = dataFormat.last(inputs[0])
    let rows = Self.weights(x.shape[1], size[0], grid)
    let columns = Self.weights(x.shape[2], size[1], grid)
    // [b, h, w, c] · over h, then over w.
    let tall = x.transposed([0, 2, 3, 1]).matmul(rows).transposed([0, 3, 2, 1])
    let wide = tall.matmul(columns).transposed([0, 1, 3, 2])
    return dataFormat.restored(wide)
  }

  /// `[count, factor·count]`: what each pixel gives to each pixel of the result.
  private static func weights(_ count: Int, _ factor: Int, _ grid: Grid) -> Tensor {
    var values = [Float](repeating: 0, count: count * count * factor)
    for target in 0..<(count * factor) {
      let place =
        grid == .corners
        ? Float(target) / Float(factor) : (Float(target) + 0.5) / Float(factor) - 0.5
      let low = place.rounded(.down)
      let share = place - low
      for (index, weight) in [(Int(low), 1 - share), (Int(low) + 1, share)] {
        values[min(max(index, 0), count - 1) * count * factor + target] += weight
      }
    }
    return Tensor(values, shape: [count, count * factor])
  }
}
