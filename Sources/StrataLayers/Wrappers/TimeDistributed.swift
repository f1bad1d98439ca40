public import StrataCore
public import StrataSemantics
public import StrataTensor

/// The same layer at every time step.
///
///     x [batch, time, …]    y [batch, time, …] of the layer's output
///
/// Parameters are those of the layer.
public struct TimeDistributed: Layer {
  public static let name = "TimeDistributed"
  public static let supportsMasking = true

  public var layer: any Layer

  public init(layer: any Layer) { self.layer = layer }

  public var isTrainable: Bool { layer.isTrainable }
  public var activityRegularizer: Regularizer? { layer.activityRegularizer }

  public mutating func resolve(under semantics: Semantics) { layer.resolve(under: semantics) }

  private func step(_ inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard input.rank >= 1 else { throw failure("input [time, …]", "\(input)") }
    return input.droppingFirst()
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try layer.outputShape(for: [try step(inputs)]).batched(inputs[0][0])
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    try layer.parameters(for: [try step(inputs)])
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let (batch, time) = (inputs[0].shape[0], inputs[0].shape[1])
    let steps = inputs[0].reshaped(inputs[0].shape.droppingFirst(2).batched(batch * time))
    let inner = context.inner(layer, [steps], prefix: "", masks: [nil])
    let y = layer.forward([steps], inner)
    context.adopt(inner, prefix: "")
    return y.reshaped(y.shape.droppingFirst().batched(time).batched(batch))
  }
}

extension TimeDistributed {
  private enum Key: String, CodingKey { case layer }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layer = try container.decode(BoxedLayer.self, forKey: .layer).layer
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(BoxedLayer(layer), forKey: .layer)
  }

  public static func == (a: TimeDistributed, b: TimeDistributed) -> Bool {
    a.layer.isEqual(b.layer)
  }
}
