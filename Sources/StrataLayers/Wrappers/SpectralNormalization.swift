public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A layer whose kernel is divided by an estimate of its greatest singular value at every step.
///
///     v ← u·Wᵀ / |u·Wᵀ|;  u ← v·W / |v·W|          `powerIterations` times
///     W ← W / (v·W·uᵀ)                             before the layer acts, in training only
///
/// W is the kernel (or `embeddings`) as a matrix `[…, last]`, `vector_u` `[1, last]` a statistic. The
/// optimizer starts from the divided kernel; inference takes it as it is. Parameters are those of the
/// layer, then `vector_u`. Source: Miyato et al. 2018 (arXiv:1802.05957); Keras since 2.13.
public struct SpectralNormalization: Layer {
  public static let name = "SpectralNormalization"
  public static let supportsMasking = true

  public var layer: any Layer
  public var powerIterations: Int

  public init(layer: any Layer, powerIterations: Int = 1) {
    self.layer = layer
    self.powerIterations = powerIterations
  }

  public var isTrainable: Bool { layer.isTrainable }
  public var activityRegularizer: Regularizer? { layer.activityRegularizer }

  public mutating func resolve(under semantics: Semantics) { layer.resolve(under: semantics) }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try checkPositive(powerIterations, "powerIterations")
    return try layer.outputShape(for: inputs)
  }

  private func kernel(_ inputs: [Shape]) throws(LayerError) -> ParameterSpec {
    let specs = try layer.parameters(for: inputs)
    guard
      let spec = ["kernel", "embeddings"].lazy.compactMap({ name in
        specs.first { $0.name == name }
      }).first
    else {
      throw failure("a layer with a kernel or embeddings", type(of: layer).name)
    }
    return spec
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let width = try kernel(inputs).shape.last
    let vector = ParameterSpec(
      "vector_u", [1, width], .truncatedNormal(deviation: 0.02), isTrainable: false)
    return try layer.parameters(for: inputs) + [vector]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    var replaced: [String: Tensor] = [:]
    if context.isTraining, let spec = try? kernel(inputs.map { $0.shape.droppingFirst() }) {
      let (kernel, vector) = divided(context[spec.name], by: context["vector_u"])
      context.update(spec.name, to: kernel)
      context.update("vector_u", to: vector)
      replaced[spec.name] = kernel
    }
    let inner = context.inner(
      layer, inputs, prefix: "", masks: context.masks, replacing: replaced)
    let y = layer.forward(inputs, inner)
    context.adopt(inner, prefix: "")
    return y
  }

  /// The divided kernel, and the new estimate of its singular vector.
  private func divided(_ kernel: Tensor, by vector: Tensor) -> (kernel: Tensor, vector: Tensor) {
    let width = kernel.shape.last
    let matrix = kernel.reshaped([kernel.shape.count / max(width, 1), width])
    let turned = matrix.transposed([1, 0])
    var (u, v) = (vector, vector)
    for _ in 0..<powerIterations {
      v = Self.unit(u.matmul(turned))
      u = Self.unit(v.matmul(matrix))
    }
    let sigma = v.matmul(matrix).matmul(u.transposed([1, 0])).reshaped([])
    // A kernel of zeros stays.
    return (kernel / Tensor.select(sigma.isEqual(to: 0), 1, sigma), u)
  }

  private static func unit(_ x: Tensor) -> Tensor {
    x / Tensor.maximum(x.square().sum().squareRoot(), 1e-7)
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    layer.outputMask(inputs, context)
  }
}

extension SpectralNormalization {
  private enum Key: String, CodingKey { case layer, powerIterations }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layer = try container.decode(BoxedLayer.self, forKey: .layer).layer
    powerIterations = try container.decode(Int.self, forKey: .powerIterations)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(BoxedLayer(layer), forKey: .layer)
    try container.encode(powerIterations, forKey: .powerIterations)
  }

  public static func == (a: SpectralNormalization, b: SpectralNormalization) -> Bool {
    a.layer.isEqual(b.layer) && a.powerIterations == b.powerIterations
  }
}
