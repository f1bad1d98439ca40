public import StrataCore
public import StrataTensor

/// The products of two inputs summed along one axis of each, sample by sample.
///
///     x₁ [batch, n]       x₂ [batch, n]       y [batch, 1]
///     x₁ [batch, n, a]    x₂ [batch, n, b]    y [batch, a, b]        (axes [1, 1])
///
/// With `normalize`, the inputs are first divided by their norms along the axes (cosine proximity).
public struct Dot: Layer {
  public static let name = "Dot"
  public static let supportsMasking = true

  /// An axis of each input, counted with the batch axis; negative from the end.
  public var axes: [Int]
  public var normalize: Bool

  public init(axes: [Int], normalize: Bool = false) {
    self.axes = axes
    self.normalize = normalize
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count == 2, axes.count == 2 else {
      throw failure("two inputs and two axes", "\(inputs.count) and \(axes.count)")
    }
    let first = try position(of: axes[0], in: inputs[0])
    let second = try position(of: axes[1], in: inputs[1])
    guard inputs[0].rank <= 2, inputs[1].rank <= 2, inputs[0][first] == inputs[1][second] else {
      throw failure(
        "inputs of one or two axes with equal sizes along \(axes)",
        inputs.map(\.description).listed)
    }
    var rest = inputs[0].dimensions
    rest.remove(at: first)
    var columns = inputs[1].dimensions
    columns.remove(at: second)
    return rest.isEmpty && columns.isEmpty ? [1] : Shape(rest + columns)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let rows = rows(inputs[0], axes[0])
    let columns = self.rows(inputs[1], axes[1])
    let product = rows.matmul(columns, transposeB: true)
    let batch = product.shape[0]
    let rest = inputs.flatMap { $0.rank == 2 ? [] : [0] }
    guard rest.count < 2 else { return product }
    return product.reshaped([batch, product.shape.droppingFirst().count])
  }

  /// `[batch, rest, n]`, normalised along n if asked for.
  private func rows(_ x: Tensor, _ axis: Int) -> Tensor {
    let axis = axis < 0 ? axis + x.rank : axis
    var rows = x.rank == 2 ? x.reshaped([x.shape[0], 1, x.shape[1]]) : x
    if x.rank == 3, axis == 1 { rows = x.transposed([0, 2, 1]) }
    guard normalize else { return rows }
    let squares = rows.square().sum(axes: [-1], keepingDimensions: true)
    return rows / Tensor.maximum(squares, 1e-12).squareRoot()
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? { nil }
}
