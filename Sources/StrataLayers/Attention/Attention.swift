public import StrataCore
public import StrataTensor

/// Dot-product attention: mixes the values by how well query and key agree.
///
///     y = softmax(score(query, key))·value
///     score = scale·query·keyᵀ (`dot`), or w·Σ tanh(scale·(query + key)) (`concat`)
///
///     query [batch, T, d]    value, key [batch, S, d]    y [batch, T, d]
///     scale []    concat_score_weight []
///
/// Two inputs are query and value, three query, value and key. Absent values (masks) get a score lowered
/// by 10⁹; absent queries give 0. Source: Luong et al. 2015 (arXiv:1508.04025).
public struct Attention: Layer {
  public static let name = "Attention"
  public static let supportsMasking = true

  public var useScale: Bool
  public var scoreMode: ScoreMode
  /// The fraction of the attention weights dropped in training.
  public var dropout: Float
  /// Whether a step of the query sees only the same and earlier steps of the value.
  public var useCausalMask: Bool
  public var isTrainable: Bool

  public init(
    useScale: Bool = false, scoreMode: ScoreMode = .dot, dropout: Float = 0,
    useCausalMask: Bool = false, isTrainable: Bool = true
  ) {
    self.useScale = useScale
    self.scoreMode = scoreMode
    self.dropout = dropout
    self.useCausalMask = useCausalMask
    self.isTrainable = isTrainable
  }

  /// How query and key are compared.
  public enum ScoreMode: String, Sendable, Hashable, Codable {
    case dot
    case concatenated = "concat"
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkRate(dropout, "dropout")
    return try attentionShape(inputs)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let scale = ParameterSpec("scale", [], .ones)
    let weight = ParameterSpec("concat_score_weight", [], .ones)
    return (useScale ? [scale] : []) + (scoreMode == .concatenated ? [weight] : [])
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let (query, key) = (inputs[0], inputs.count > 2 ? inputs[2] : inputs[1])
    let scores: Tensor
    switch scoreMode {
    case .dot:
      let product = query.matmul(key, transposeB: true)
      scores = useScale ? product * context["scale"] : product
    case .concatenated:
      let sum = query.sumOfPairs(with: key)
      let scaled = useScale ? context["scale"] * sum : sum
      scores = context["concat_score_weight"] * scaled.tanh().sum(axes: [-1])
    }
    return attend(
      scores, value: inputs[1], dropout: dropout, isCausal: useCausalMask, context)
  }
}
