public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A recurrent layer run from both ends of time, with weights for each direction.
///
///     x [batch, time, features]    y as of the layer; with `concat` twice as wide
///
/// The parameters are those of the layer with `forward_` before their names, then those with
/// `backward_`. The sequence of the backward direction is turned round before the two are merged.
/// Source: Schuster & Paliwal 1997.
public struct Bidirectional: Layer, Versioned {
  public static let name = "Bidirectional"
  public static let supportsMasking = true

  /// How the outputs of the two directions become one.
  public enum MergeMode: String, Sendable, Hashable, Codable {
    case concatenate = "concat"
    case sum
    case multiply = "mul"
    case average = "ave"
  }

  /// What a sequence holds at absent time steps.
  public enum AbsentSteps: String, Sendable, Hashable, Codable {
    /// The output of the step before.
    case repeated
    case zero
  }

  public var layer: any Layer
  public var mergeMode: MergeMode
  public var absentSteps: AbsentSteps?

  public init(
    layer: any RecurrentLayer, mergeMode: MergeMode = .concatenate,
    absentSteps: AbsentSteps? = nil
  ) {
    self.layer = layer
    self.mergeMode = mergeMode
    self.absentSteps = absentSteps
  }

  public static let absentStepsHistory = History<AbsentSteps>(
    "bidirectional.absentSteps", .layer, .trajectory, initially: .repeated
  )
  .since(
    "2.4.0", .zero, "bidirectional-zero-output-for-mask",
    "Sequences of both directions are zero at masked time steps.")

  public static var histories: [any AnyHistory] { [absentStepsHistory] }

  public var isTrainable: Bool { layer.isTrainable }
  public var activityRegularizer: Regularizer? { layer.activityRegularizer }

  public mutating func resolve(under semantics: Semantics) {
    layer.resolve(under: semantics)
    absentSteps.resolve(Self.absentStepsHistory, semantics)
  }

  /// The two directions; nil if the layer is not recurrent.
  private var directions: [(prefix: String, layer: any RecurrentLayer)]? {
    guard let forward = layer as? any RecurrentLayer else { return nil }
    var backward = forward
    backward.goBackwards.toggle()
    return [("forward_", forward), ("backward_", backward)]
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard directions != nil else {
      throw failure("a recurrent layer inside", type(of: layer).name)
    }
    let shape = try layer.outputShape(for: shared(inputs, 0))
    return mergeMode == .concatenate ? shape.replacingLast(with: 2 * shape.last) : shape
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let own = try layer.parameters(for: shared(inputs, 0))
    return (directions ?? []).flatMap { direction in
      own.map { spec in
        var spec = spec
        spec.name = direction.prefix + spec.name
        return spec
      }
    }
  }

  public func furtherShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    let states = try layer.furtherShapes(for: [inputs[0]])
    return states + states
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    outputs(inputs, context)[0]
  }

  /// The input and the states that a direction starts from, the first half being the forward ones.
  private func shared<Value>(_ inputs: [Value], _ direction: Int) -> [Value] {
    let states = inputs.dropFirst()
    let half = states.count / 2
    return [inputs[0]]
      + (direction == 0 ? states.prefix(half) : states.suffix(states.count - half))
  }

  public func outputs(_ inputs: [Tensor], _ context: LayerContext) -> [Tensor] {
    let isZeroed = context.resolved(absentSteps, "absentSteps", else: .zero) == .zero
    var outputs: [Tensor] = []
    var states: [Tensor] = []
    for (index, (prefix, layer)) in (directions ?? []).enumerated() {
      let own = shared(inputs, index)
      let inner = context.inner(layer, own, prefix: prefix, masks: context.masks)
      let given = layer.outputs(own, inner)
      var y = given[0]
      states += given.dropFirst()
      context.adopt(inner, prefix: prefix)
      if layer.returnSequences {
        if !outputs.isEmpty { y = y.reversed([1]) }
        if isZeroed, let mask = context.masks.first ?? nil {
          y = y * mask.reshaped([y.shape[0], y.shape[1], 1])
        }
      }
      outputs.append(y)
    }
    return [merged(outputs)] + states
  }

  private func merged(_ outputs: [Tensor]) -> Tensor {
    switch mergeMode {
    case .concatenate: .concatenate(outputs, axis: -1)
    case .sum: outputs.folded(+)
    case .multiply: outputs.folded(*)
    case .average: outputs.folded(+) / 2
    }
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    layer.outputMask(inputs, context)
  }
}

extension Bidirectional {
  private enum Key: String, CodingKey { case layer, mergeMode, absentSteps }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layer = try container.decode(BoxedLayer.self, forKey: .layer).layer
    mergeMode = try container.decode(MergeMode.self, forKey: .mergeMode)
    absentSteps = try container.decodeIfPresent(AbsentSteps.self, forKey: .absentSteps)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(BoxedLayer(layer), forKey: .layer)
    try container.encode(mergeMode, forKey: .mergeMode)
    try container.encodeIfPresent(absentSteps, forKey: .absentSteps)
  }

  public static func == (a: Bidirectional, b: Bidirectional) -> Bool {
    a.layer.isEqual(b.layer) && a.mergeMode == b.mergeMode && a.absentSteps == b.absentSteps
  }
}
