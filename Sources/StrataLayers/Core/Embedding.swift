public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Rows of a table by index: `y = embeddings[x]`.
///
///     x [batch, …] integers below inputDim    embeddings [inputDim, outputDim]    y [batch, …, outputDim]
///
/// With `maskZero`, index 0 is an absent time step. `W` in files before Keras 2.
public struct Embedding: Layer, Versioned {
  public static let name = "Embedding"
  public static let supportsMasking = true

  /// How dropped rows are made up for (`dropout`, before Keras 2).
  public enum DropoutScaling: String, Sendable, Hashable, Codable {
    /// Training: rows·B; inference: rows·(1 - dropout).
    case atInference
    /// Training: rows·B / (1 - dropout); inference: rows.
    case inverted
  }

  public var inputDim: Int
  public var outputDim: Int
  public var embeddingsInitializer: Initializer
  public var embeddingsRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var embeddingsConstraint: Constraint?
  public var maskZero: Bool
  /// The fraction of rows dropped in each training step, for Keras before 2.
  public var dropout: Float
  public var dropoutScaling: DropoutScaling?
  public var isTrainable: Bool

  public init(
    inputDim: Int, outputDim: Int, embeddingsInitializer: Initializer = .uniform(scale: 0.05),
    embeddingsRegularizer: Regularizer? = nil, activityRegularizer: Regularizer? = nil,
    embeddingsConstraint: Constraint? = nil, maskZero: Bool = false, dropout: Float = 0,
    dropoutScaling: DropoutScaling? = nil, isTrainable: Bool = true
  ) {
    self.inputDim = inputDim
    self.outputDim = outputDim
    self.embeddingsInitializer = embeddingsInitializer
    self.embeddingsRegularizer = embeddingsRegularizer
    self.activityRegularizer = activityRegularizer
    self.embeddingsConstraint = embeddingsConstraint
    self.maskZero = maskZero
    self.dropout = dropout
    self.dropoutScaling = dropoutScaling
    self.isTrainable = isTrainable
  }

  public static let dropoutScalingHistory = History<DropoutScaling>(
    "embedding.dropoutScaling", .layer, .trajectory, initially: .atInference
  )
  .since(
    "1.0.0", .inverted, "embedding-dropout-inverted",
    "Kept rows are divided by 1 - dropout in training instead of all being scaled at inference.")

  public static var histories: [any AnyHistory] { [dropoutScalingHistory] }

  public mutating func resolve(under semantics: Semantics) {
    dropoutScaling.resolve(Self.dropoutScalingHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    try checkPositive(inputDim, "inputDim")
    try checkPositive(outputDim, "outputDim")
    try checkRate(dropout, "dropout")
    return Shape(input.dimensions + [outputDim])
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    return [
      ParameterSpec(
        "embeddings", [inputDim, outputDim], embeddingsInitializer,
        regularizer: embeddingsRegularizer, constraint: embeddingsConstraint)
    ]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    table(context).gather(inputs[0].asInt32())
  }

  private func table(_ context: LayerContext) -> Tensor {
    let rows = context["embeddings"]
    guard dropout > 0 else { return rows }
    let keep = 1 - dropout
    let scaling = context.resolved(dropoutScaling, "dropoutScaling", else: .inverted)
    guard context.isTraining else { return scaling == .inverted ? rows : rows * keep }
    let kept = context.random(.bernoulli(keep: keep), shape: [inputDim, 1])
    return rows * (scaling == .inverted ? kept / keep : kept)
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    maskZero ? inputs[0].asFloat32().isNotEqual(to: 0) : nil
  }
}
