public import StrataCore
public import StrataTensor

/// Adds normal noise in training: `y = x + N(0, stddev²)`.
///
///     x [batch, …]    y [batch, …]
public struct GaussianNoise: Layer {
  public static let name = "GaussianNoise"
  public static let supportsMasking = true

  /// `sigma` before Keras 2.
  public var stddev: Float

  public init(stddev: Float) { self.stddev = stddev }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard stddev >= 0 else { throw failure("stddev of at least 0", "\(stddev)") }
    return try single(inputs)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    guard context.isTraining else { return inputs[0] }
    let noise = context.random(.normal(mean: 0, deviation: stddev), shape: inputs[0].shape)
    return inputs[0] + noise
  }
}
