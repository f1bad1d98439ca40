import Strata

/// Scales every feature by a factor of its own: `y = x·scale`.
///
///     x [batch, …, features]    scale [features]    y [batch, …, features]
public struct Scale: Layer {
  public static let name = "Scale"
  public static let supportsMasking = true

  public var initial: Float

  public init(initial: Float = 1) { self.initial = initial }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    [ParameterSpec("scale", [try single(inputs).last], .constant(initial))]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0] * context["scale"]
  }
}
