public import StrataCore
public import StrataTensor

/// Divides each sample by its root mean square along some axes: `y = scale·x / √(mean(x²) + epsilon)`.
///
///     x [batch, …]    scale [sizes of the axes]    y [batch, …]
///
/// Source: Zhang & Sennrich 2019 (arXiv:1910.07467).
public struct RMSNormalization: Layer {
  public static let name = "RMSNormalization"
  public static let supportsMasking = true

  /// Counted with the batch axis; negative from the end.
  public var axis: [Int]
  public var epsilon: Float
  public var isTrainable: Bool

  public init(
    axis: [Int] = [-1], epsilon: Float = 1e-6, isTrainable: Bool = true
  ) {
    self.axis = axis
    self.epsilon = epsilon
    self.isTrainable = isTrainable
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard !axis.isEmpty else { throw failure("at least one axis", "none") }
    for one in axis { _ = try position(of: one, in: input) }
    return input
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let input = try outputShape(for: inputs)
    return [ParameterSpec("scale", Shape(axes(input.rank).map { input[$0 - 1] }), .ones)]
  }

  /// The axes as indices of a batch whose samples have `rank` axes, in order.
  private func axes(_ rank: Int) -> [Int] {
    Set(axis.map { $0 < 0 ? $0 + rank + 1 : $0 }).sorted()
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let axes = axes(x.rank - 1)
    let square = x.square().mean(axes: axes, keepingDimensions: true)
    let sizes = (0..<x.rank).map { axes.contains($0) ? x.shape[$0] : 1 }
    return x / (square + epsilon).squareRoot() * context["scale"].reshaped(Shape(sizes))
  }
}
