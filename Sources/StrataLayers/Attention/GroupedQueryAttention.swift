public import StrataCore
public import StrataTensor

/// Attention of several heads that share keys and values in groups.
///
///     q = query·W_q + b_q for each query head; k, v likewise for each key-value head
///     y = Σ over query heads of softmax(q·kᵀ / √headDim)·v·W_o + b_o
///
///     query [batch, T, d]    value, key [batch, S, d']    y [batch, T, d]
///     query/kernel [d, queryHeads, headDim]    key/kernel, value/kernel [d', keyValueHeads, headDim]
///     attention_output/kernel [queryHeads, headDim, d]
///
/// Inputs and masks are those of `MultiHeadAttention`. Source: Ainslie et al. 2023 (arXiv:2305.13245).
public struct GroupedQueryAttention: Layer {
  public static let name = "GroupedQueryAttention"
  public static let supportsMasking = true

  public var headDim: Int
  public var numQueryHeads: Int
  public var numKeyValueHeads: Int
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
    headDim: Int, numQueryHeads: Int, numKeyValueHeads: Int, dropout: Float = 0,
    useBias: Bool = true, useCausalMask: Bool = false,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.headDim = headDim
    self.numQueryHeads = numQueryHeads
    self.numKeyValueHeads = numKeyValueHeads
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

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkPositive(headDim, "headDim")
    try checkPositive(numKeyValueHeads, "numKeyValueHeads")
    try checkRate(dropout, "dropout")
    guard numQueryHeads > 0, numQueryHeads % numKeyValueHeads == 0 else {
      throw failure("numQueryHeads that the key-value heads divide", "\(numQueryHeads)")
    }
    guard (1...3).contains(inputs.count), inputs.allSatisfy({ $0.rank == 2 && $0.count > 0 }) else {
      throw failure("one to three inputs [time, features]", inputs.map(\.description).listed)
    }
    guard inputs.count < 3 || inputs[1][0] == inputs[2][0] else {
      throw failure("as many keys as values", inputs.map(\.description).listed)
    }
    return inputs[0]
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let output = try outputShape(for: inputs)
    let value = inputs.count > 1 ? inputs[1] : inputs[0]
    let key = inputs.count > 2 ? inputs[2] : value
    let query = Shape([numQueryHeads, headDim])
    let shared = Shape([numKeyValueHeads, headDim])
    return projection("query", query.batched(inputs[0].last), query)
      + projection("key", shared.batched(key.last), shared)
      + projection("value", shared.batched(value.last), shared)
      + projection("attention_output", [numQueryHeads, headDim, output.last], [output.last])
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
    let (batch, rows, columns) = (inputs[0].shape[0], inputs[0].shape[1], value.shape[1])
    let share = numQueryHeads / numKeyValueHeads
    let q =
      heads(inputs[0], "query", numQueryHeads, context)
      * (1 / Float(headDim).squareRoot())
    let k = heads(key, "key", numKeyValueHeads, context).repeated(share, axis: 1)
    let v = heads(value, "value", numKeyValueHeads, context).repeated(share, axis: 1)
    var scores = q.matmul(k, transposeB: true)
    var visible: [Tensor] = []
    if let mask = context.masks.first ?? nil { visible.append(mask.reshaped([batch, 1, rows, 1])) }
    if context.masks.count > 1, let mask = context.masks[1] {
      visible.append(mask.reshaped([batch, 1, 1, columns]))
    }
    if useCausalMask {
      visible.append(Tensor.lowerTriangle(rows, columns).reshaped([1, 1, rows, columns]))
    }
    if !visible.isEmpty { scores = scores + (1 - visible.folded(*)) * -1e9 }
    var weights = Activation.softmax(scores)
    if context.isTraining, dropout > 0 {
      let kept = context.random(.bernoulli(keep: 1 - dropout), shape: weights.shape)
      weights = weights * (kept / (1 - dropout))
    }
    let mixed = weights.matmul(v).transposed([0, 2, 1, 3])
      .reshaped([batch, rows, numQueryHeads * headDim])
    let kernel = context["attention_output/kernel"]
    let y = mixed.matmul(kernel.reshaped([numQueryHeads * headDim, kernel.shape.last]))
    return useBias ? y + context["attention_output/bias"] : y
  }

  /// `[batch, heads, time, headDim]` of a projection.
  private func heads(
    _ x: Tensor, _ name: String, _ count: Int, _ context: LayerContext
  ) -> Tensor {
    var y = x.matmul(context["\(name)/kernel"].reshaped([x.shape.last, count * headDim]))
    if useBias { y = y + context["\(name)/bias"].reshaped([count * headDim]) }
    return y.reshaped([x.shape[0], x.shape[1], count, headDim]).transposed([0, 2, 1, 3])
  }
}
