public import StrataCore
public import StrataTensor

/// The number of the range in which each element lies: how many boundaries are not above it.
///
///     x [batch, …]    y [batch, …], or as of `CategoryEncoding` for the other modes
///
/// Numbers of ranges are Float32. Source: Keras since 2.6.
public struct Discretization: Layer {
  public static let name = "Discretization"

  /// In ascending order.
  public var binBoundaries: [Float]
  public var outputMode: TokenMode

  public init(binBoundaries: [Float], outputMode: TokenMode = .int) {
    self.binBoundaries = binBoundaries
    self.outputMode = outputMode
  }

  private var encoding: TokenEncoding {
    TokenEncoding(depth: binBoundaries.count + 1, mode: outputMode)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard !binBoundaries.isEmpty, zip(binBoundaries, binBoundaries.dropFirst()).allSatisfy(<=)
    else { throw failure("binBoundaries in ascending order", "\(binBoundaries)") }
    guard let shape = encoding.shape(input) else {
      throw failure("an input with an axis of numbers", "\(input)")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0].asFloat32()
    let columns = x.reshaped(Shape(x.shape.dimensions + [1]))
    let boundaries = Tensor(binBoundaries, shape: [binBoundaries.count])
    return encoding.encode(columns.isGreaterOrEqual(to: boundaries).sum(axes: [x.rank]))
  }
}
