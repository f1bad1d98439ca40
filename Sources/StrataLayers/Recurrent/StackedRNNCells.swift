public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Recurrent layers in a row in one loop over time: Keras's `RNN` of several cells.
///
///     x [batch, time, features]    y as of the last layer
///
/// The parameters are those of each layer with `cell_0_`, `cell_1_`, … before their names; the states,
/// where they are given or returned, those of the first layer, then of the next. What the layers
/// themselves say of sequences, states and direction does not count.
public struct StackedRNNCells: Layer {
  public static let name = "StackedRNNCells"
  public static let supportsMasking = true

  public var layers: [any Layer]
  public var returnSequences: Bool
  /// Whether the last states are given besides the output; nil: no.
  public var returnState: Bool?
  /// Runs from the last time step to the first; a sequence is returned in the order of running.
  public var goBackwards: Bool

  public init(
    layers: [any RecurrentLayer], returnSequences: Bool = false, returnState: Bool? = nil,
    goBackwards: Bool = false
  ) {
    self.layers = layers
    self.returnSequences = returnSequences
    self.returnState = returnState
    self.goBackwards = goBackwards
  }

  public mutating func resolve(under semantics: Semantics) {
    for index in layers.indices { layers[index].resolve(under: semantics) }
  }

  /// The layers as they run: all but the last return their sequences.
  private var running: [any LoopLayer] {
    layers.enumerated().compactMap { index, layer in
      guard var layer = layer as? any LoopLayer else { return nil }
      layer.goBackwards = false
      layer.returnSequences = returnSequences || index < layers.count - 1
      layer.returnState = returnState
      return layer
    }
  }

  /// The numbers of states of the layers.
  private func stateCounts(_ input: Shape) throws(LayerError) -> [Int] {
    var shape = input
    var counts: [Int] = []
    for layer in running {
      var layer = layer
      layer.returnState = true
      layer.returnSequences = true
      counts.append(try layer.furtherShapes(for: [shape]).count)
      shape = try layer.outputShape(for: [shape])
    }
    return counts
  }

  /// The inputs of each layer: the sequence of the one before, and its states if any are given.
  private func walk(_ inputs: [Shape]) throws(LayerError) -> [[Shape]] {
    guard !layers.isEmpty, running.count == layers.count else {
      throw failure("SimpleRNN, LSTM and GRU inside", "\(layers.map { type(of: $0).name })")
    }
    guard let input = inputs.first else { throw failure("an input", "none") }
    let counts = try stateCounts(input)
    guard inputs.count == 1 || inputs.count == 1 + counts.reduce(0, +) else {
      throw failure("\(counts.reduce(0, +)) states", "\(inputs.count - 1)")
    }
    var (states, shape, result) = (inputs.dropFirst(), input, [[Shape]]())
    for (layer, count) in zip(running, counts) {
      let own = [shape] + states.prefix(count)
      states = states.dropFirst(count)
      result.append(own)
      var sequence = layer
      sequence.returnSequences = true
      shape = try sequence.outputShape(for: own)
    }
    return result
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let walk = try walk(inputs)
    return try running[running.count - 1].outputShape(for: walk[walk.count - 1])
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    var result: [ParameterSpec] = []
    for (index, (layer, own)) in zip(running, try walk(inputs)).enumerated() {
      for spec in try layer.parameters(for: own) {
        var spec = spec
        spec.name = "cell_\(index)_" + spec.name
        result.append(spec)
      }
    }
    return result
  }

  public func furtherShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    var result: [Shape] = []
    for (layer, own) in zip(running, try walk(inputs)) {
      result += try layer.furtherShapes(for: own)
    }
    return result
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    outputs(inputs, context)[0]
  }

  public func outputs(_ inputs: [Tensor], _ context: LayerContext) -> [Tensor] {
    var x = goBackwards ? inputs[0].reversed([1]) : inputs[0]
    let given = context.masks.first ?? nil
    let mask = goBackwards ? given?.reversed([1]) : given
    let counts = (try? stateCounts(x.shape.droppingFirst())) ?? []
    var (starts, last) = (inputs.dropFirst(), [Tensor]())
    for (index, (layer, count)) in zip(running, counts).enumerated() {
      let own = [x] + starts.prefix(count)
      starts = starts.dropFirst(count)
      let prefix = "cell_\(index)_"
      let inner = context.inner(layer, own, prefix: prefix, masks: [mask])
      let outputs = layer.outputs(own, inner)
      context.adopt(inner, prefix: prefix)
      x = outputs[0]
      last += outputs.dropFirst()
    }
    return [x] + last
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    returnSequences ? context.masks.first ?? nil : nil
  }
}

extension StackedRNNCells {
  private enum Key: String, CodingKey { case layers, returnSequences, returnState, goBackwards }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layers = try container.decode([BoxedLayer].self, forKey: .layers).map(\.layer)
    returnSequences = try container.decode(Bool.self, forKey: .returnSequences)
    returnState = try container.decodeIfPresent(Bool.self, forKey: .returnState)
    goBackwards = try container.decode(Bool.self, forKey: .goBackwards)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(layers.map(BoxedLayer.init), forKey: .layers)
    try container.encode(returnSequences, forKey: .returnSequences)
    try container.encodeIfPresent(returnState, forKey: .returnState)
    try container.encode(goBackwards, forKey: .goBackwards)
  }

  public static func == (a: StackedRNNCells, b: StackedRNNCells) -> Bool {
    a.layers.count == b.layers.count && zip(a.layers, b.layers).allSatisfy { $0.isEqual($1) }
      && a.returnSequences == b.returnSequences && a.returnState == b.returnState
      && a.goBackwards == b.goBackwards
  }
}
