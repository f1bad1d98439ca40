public import StrataCore
public import StrataTensor

/// The cosine of two vectors, sample by sample: `y = x₁·x₂ / max(√(x₁·x₁ · x₂·x₂), 10⁻⁷)`.
///
///     x₁, x₂ [batch, n]    y [batch, 1, 1]
///
/// `Merge` with mode `cos` in files of Keras 0 and 1.
public struct Cosine: Layer {
  public static let name = "Cosine"
  public static let supportsMasking = true

  public init() {}

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count == 2, inputs[0].rank == 1, inputs[0] == inputs[1] else {
      throw failure("two inputs [features] of one size", inputs.map(\.description).listed)
    }
    return [1, 1]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    func product(_ a: Tensor, _ b: Tensor) -> Tensor {
      (a * b).sum(axes: [-1], keepingDimensions: true)
    }
    let (a, b) = (inputs[0], inputs[1])
    let lengths = (product(a, a) * product(b, b)).squareRoot()
    let y = product(a, b) / Tensor.maximum(lengths, 1e-7)
    return y.reshaped([a.shape[0], 1, 1])
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? { nil }
}
