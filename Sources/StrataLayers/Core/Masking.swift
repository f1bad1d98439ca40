public import StrataCore
public import StrataTensor

/// Marks time steps whose features all equal a value as absent, and zeroes them.
///
///     x [batch, time, features]    y = x·mask    mask [batch, time] = any(x ≠ maskValue)
public struct Masking: Layer {
  public static let name = "Masking"
  public static let supportsMasking = true

  public var maskValue: Float

  public init(maskValue: Float = 0) { self.maskValue = maskValue }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard input.rank >= 2 else { throw failure("input [time, features]", "\(input)") }
    return input
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0] * present(inputs[0], keepingDimensions: true)
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    present(inputs[0], keepingDimensions: false)
  }

  private func present(_ x: Tensor, keepingDimensions: Bool) -> Tensor {
    x.isNotEqual(to: Tensor(maskValue)).max(axes: [-1], keepingDimensions: keepingDimensions)
  }
}
