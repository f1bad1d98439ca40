public import StrataCore
public import StrataTensor

/// Additive attention: mixes the values by a learnt comparison of query and key.
///
///     y = softmax(Σ scale·tanh(query + key))·value
///     query [batch, T, d]    value, key [batch, S, d]    scale [d]    y [batch, T, d]
///
/// Inputs and masks are those of `Attention`. Source: Bahdanau et al. 2015 (arXiv:1409.0473).
public struct AdditiveAttention: Layer {
  public static let name = "AdditiveAttention"
  public static let supportsMasking = true

  public var useScale: Bool
  /// The fraction of the attention weights dropped in training.
  public var dropout: Float
  /// Whether a step of the query sees only the same and earlier steps of the value.
  public var useCausalMask: Bool
  public var isTrainable: Bool

  public init(
    useScale: Bool = true, dropout: Float = 0, useCausalMask: Bool = false, isTrainable: Bool = true
  ) {
    self.useScale = useScale
    self.dropout = dropout
    self.useCausalMask = useCausalMask
    self.isTrainable = isTrainable
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkRate(dropout, "dropout")
    return try attentionShape(inputs)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    return useScale ? [ParameterSpec("scale", [inputs[0].last], .glorotUniform)] : []
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let key = inputs.count > 2 ? inputs[2] : inputs[1]
    let compared = inputs[0].sumOfPairs(with: key).tanh()
    let scores = (useScale ? compared * context["scale"] : compared).sum(axes: [-1])
    return attend(
      scores, value: inputs[1], dropout: dropout, isCausal: useCausalMask, context)
  }
}
