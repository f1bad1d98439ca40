public import StrataCore
public import StrataTensor

/// Attention of several heads: each mixes the values by how well query and key agree.
///
///     q = query·W_q + b_q    k = key·W_k + b_k    v = value·W_v + b_v        for each head
///     y = Σ over heads of softmax(q·kᵀ / √keyDim)·v·W_o + b_o
///
///     query [batch, T, d]    value, key [batch, S, d']    y [batch, T, outputDim]
///     query/kernel [d, heads, keyDim]    key/kernel [d', heads, keyDim]
///     value/kernel [d', heads, valueDim]    attention_output/kernel [heads, valueDim, outputDim]
///
/// One input attends to itself; two are query and value; three query, value and key. Absent time
/// steps (masks) get a score lowered by 10⁹. Source: Vaswani et al. 2017 (arXiv:1706.03762).
public struct MultiHeadAttention: Layer {
  public static let name = "MultiHeadAttention"
  public static let supportsMasking = true

  public var numHeads: Int
  public var keyDim: Int
  /// nil: as `keyDim`.
  public var valueDim: Int?
  /// nil: the size of the query.
  public var outputDim: Int?
  /// The fraction of the attention weights dropped in training.
  public var dropout: Float
  public var useBias: Bool
  /// Whether a step of the query sees only the same and earlier steps of the value.
  public var useCausalMask: Bool
  public var kernelInitializer: Initializer
  public var biasInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    numHeads: Int, keyDim: Int, valueDim: Int? = nil, outputDim: Int? = nil, dropout: Float = 0,
    useBias: Bool = true, useCausalMask: Bool = false,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.numHeads = numHeads
    self.keyDim = keyDim
    self.valueDim = valueDim
    self.outputDim = outputDim
    self.dropout = dropout
    self.useBias = useBias
    self.useCausalMask = useCausalMask
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.biasConstraint = biasConstraint
    self.isTrainable = isTrainable
  }

  private var headOutput: Int { valueDim ?? keyDim }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkPositive(numHeads, "numHeads")
    try checkPositive(keyDim, "keyDim")
    try checkPositive(headOutput, "valueDim")
    try checkRate(dropout, "dropout")
    guard (1...3).contains(inputs.count), inputs.allSatisfy({ $0.rank == 2 && $0.count > 0 }) else {
      throw failure(
        "one to three inputs [time, features]", inputs.map(\.description).listed)
    }
    guard inputs.count < 3 || inputs[1][0] == inputs[2][0] else {
      throw failure("as many keys as values", inputs.map(\.description).listed)
    }
    return inputs[0].replacingLast(with: outputDim ?? inputs[0].last)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let output = try outputShape(for: inputs)
    let value = inputs.count > 1 ? inputs[1] : inputs[0]
    let key = inputs.count > 2 ? inputs[2] : value
    return projection("query", [inputs[0].last, numHeads, keyDim], [numHeads, keyDim])
      + projection("key", [key.last, numHeads, keyDim], [numHeads, keyDim])
      + projection("value", [value.last, numHeads, headOutput], [numHeads, headOutput])
      + projection("attention_output", [numHeads, headOutput, output.last], [output.last])
  }

  private func projection(_ name: String, _ kernel: Shape, _ bias: Shape) -> [ParameterSpec] {
    let weights = ParameterSpec(
      "\(name)/kernel", kernel, kernelInitializer, regularizer: kernelRegularizer,
      constraint: kernelConstraint)
    let offsets = ParameterSpec(
      "\(name)/bias", bias, biasInitializer, regularizer: biasRegularizer,
      constraint: biasConstraint)
    return useBias ? [weights, offsets] : [weights]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let value = inputs.count > 1 ? inputs[1] : inputs[0]
    let key = inputs.count > 2 ? inputs[2] : value
    let q = heads(inputs[0], "query", context) * (1 / Float(keyDim).squareRoot())
    let (k, v) = (heads(key, "key", context), heads(value, "value", context))
    var scores = q.matmul(k, transposeB: true)
    if let mask = mask(scores.shape, context) { scores = scores + (1 - mask) * -1e9 }
    var weights = Activation.softmax(scores)
    if context.isTraining, dropout > 0 {
      let kept = context.random(.bernoulli(keep: 1 - dropout), shape: weights.shape)
      weights = weights * (kept / (1 - dropout))
    }
    let mixed = weights.matmul(v).transposed([0, 2, 1, 3])
    let rows = mixed.reshaped([mixed.shape[0], mixed.shape[1], numHeads * headOutput])
    let kernel = context["attention_output/kernel"]
    let y = rows.matmul(kernel.reshaped([numHeads * headOutput, kernel.shape.last]))
    return useBias ? y + context["attention_output/bias"] : y
  }

  /// `[batch, heads, time, width]` of a projection.
  private func heads(_ x: Tensor, _ name: String, _ context: LayerContext) -> Tensor {
    let kernel = context["\(name)/kernel"]
    let width = kernel.shape.last
    var y = x.matmul(kernel.reshaped([kernel.shape[0], numHeads * width]))
    if useBias { y = y + context["\(name)/bias"].reshaped([numHeads * width]) }
    return y.reshaped([x.shape[0], x.shape[1], numHeads, width]).transposed([0, 2, 1, 3])
  }

  /// 1 where a query may see a value, of a shape that broadcasts to that of the scores.
  private func mask(_ scores: Shape, _ context: LayerContext) -> Tensor? {
    let (rows, columns) = (scores[2], scores[3])
    var masks: [Tensor] = []
    for (index, mask) in context.masks.enumerated() {
      guard let mask else { continue }
      let isQuery = index == 0
      masks.append(
        mask.reshaped(isQuery ? [scores[0], 1, rows, 1] : [scores[0], 1, 1, columns]))
      if context.masks.count == 1 { masks.append(mask.reshaped([scores[0], 1, 1, columns])) }
    }
    if useCausalMask {
      let lower = (0..<(rows * columns)).map { Float($0 / columns >= $0 % columns ? 1 : 0) }
      masks.append(Tensor(lower, shape: [1, 1, rows, columns]))
    }
    return masks.isEmpty ? nil : masks.folded(*)
  }
}
