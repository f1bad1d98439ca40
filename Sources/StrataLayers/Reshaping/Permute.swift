public import StrataCore
public import StrataTensor

/// The axes in another order.
///
///     x [batch, a₁, a₂, …]    y [batch, a at dims₁, a at dims₂, …]
public struct Permute: Layer {
  public static let name = "Permute"

  /// The input's axis for each axis of the output, counted from 1 (0 is the batch).
  public var dims: [Int]

  public init(dims: [Int]) { self.dims = dims }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard dims.sorted() == Array(1..<(input.rank + 1)) else {
      throw failure("an input whose axes dims names once each", "\(input)")
    }
    return Shape(dims.map { input[$0 - 1] })
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0].transposed([0] + dims)
  }
}
