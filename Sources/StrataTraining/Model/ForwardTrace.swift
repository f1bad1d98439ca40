internal import StrataCore
internal import StrataLayers
internal import StrataTensor

/// One forward pass through all calls of an architecture, traced.
struct ForwardTrace {
  /// The parameters of each node as tensors of the trace.
  struct ParameterTensors {
    var byNode: [Int: [String: Tensor]] = [:]
    var index: [Int: [String: Int]] = [:]

    init(_ parameters: [Model.Parameter], _ tensors: [Tensor]) {
      for (position, (parameter, tensor)) in zip(parameters, tensors).enumerated() {
        byNode[parameter.node, default: [:]][parameter.spec.name] = tensor
        index[parameter.node, default: [:]][parameter.spec.name] = position
      }
    }
  }

  /// The output of each call.
  private(set) var values: [Tensor] = []
  /// What each call gives besides its output.
  private var further: [[Tensor]] = []
  private(set) var masks: [Tensor?] = []
  private(set) var outputs: [Tensor] = []
  /// What went into the activation of each output, where its layer ends in one.
  private(set) var preActivations: [PreActivation?] = []
  private(set) var outputMasks: [Tensor?] = []
  /// New values of statistics, by the parameter's position.
  private(set) var updates: [(parameter: Int, value: Tensor)] = []
  /// Penalties that layers added themselves, and activity penalties, with the node they belong to.
  private(set) var penalties: [(node: Int, value: Tensor)] = []
  /// The names of the random streams that each node drew from.
  private(set) var draws: [[String]]

  struct PreActivation {
    var value: Tensor
    var activation: Activation
  }

  init(
    _ architecture: Architecture, graph: Graph, inputs: [Tensor],
    parameters: ParameterTensors, isTraining: Bool, unsupportedMask: UnsupportedMask
  ) {
    draws = architecture.nodes.map { _ in [] }
    var uses = architecture.nodes.map { _ in 0 }
    var ends: [PreActivation?] = []
    var own = parameters
    for call in architecture.calls {
      let node = architecture.nodes[call.node]
      let arguments = call.inputs.map { value(of: $0, inputs) }
      let keepsMasks =
        unsupportedMask == .refused || type(of: node.layer).supportsMasking
      let context = LayerContext(
        graph: graph, path: node.name ?? "", isTraining: isTraining,
        masks: keepsMasks ? call.inputs.map(mask(of:)) : call.inputs.map { _ in nil },
        parameters: own.byNode[call.node] ?? [:],
        use: uses[call.node])
      uses[call.node] += 1
      Self.refuseMask(node, context)
      let before = graph.count
      let result = graph.scoped(node.name ?? "") { Self.run(node.layer, arguments, context) }
      values.append(result.outputs[0])
      further.append(Array(result.outputs.dropFirst()))
      ends.append(result.end)
      masks.append(graph.scoped(node.name ?? "") { node.layer.outputMask(arguments, context) })
      draws[call.node] += Self.draws(in: graph, from: before)
      penalties += context.penalties.map { (call.node, $0) }
      for update in context.updates {
        guard let position = parameters.index[call.node]?[update.name] else {
          Self.refuseUpdate(of: update.name, node, graph)
          continue
        }
        // A layer that is used several times goes on from what its use before made of them.
        own.byNode[call.node]?[update.name] = update.value
        updates.removeAll { $0.parameter == position }
        updates.append((position, update.value))
      }
    }
    outputs = architecture.outputs.map { value(of: $0, inputs) }
    outputMasks = architecture.outputs.map(mask(of:))
    preActivations = architecture.outputs.map { source in
      if case .call(let index) = source { ends[index] } else { nil }
    }
  }

  private static func run(
    _ layer: any Layer, _ inputs: [Tensor], _ context: LayerContext
  ) -> (outputs: [Tensor], end: PreActivation?) {
    guard let layer = layer as? any ActivatedLayer else {
      return (layer.outputs(inputs, context), nil)
    }
    let value = layer.preActivation(inputs, context)
    return ([layer.activation(value)], PreActivation(value: value, activation: layer.activation))
  }

  private func value(of source: Architecture.Source, _ inputs: [Tensor]) -> Tensor {
    switch source {
    case .input(let index): inputs[index]
    case .call(let index): values[index]
    case .further(let index, let output): further[index][output - 1]
    }
  }

  private func mask(of source: Architecture.Source) -> Tensor? {
    if case .call(let index) = source { masks[index] } else { nil }
  }

  private static func refuseMask(_ node: Architecture.Node, _ context: LayerContext) {
    guard !type(of: node.layer).supportsMasking, context.masks.contains(where: { $0 != nil }) else {
      return
    }
    context.graph.record(
      OperationError(
        operation: node.name ?? type(of: node.layer).name, reason: "an input without a mask",
        found: "a masked one; \(type(of: node.layer).name) does not support masking"))
  }

  private static func refuseUpdate(
    of name: String, _ node: Architecture.Node, _ graph: Graph
  ) {
    graph.record(
      OperationError(
        operation: node.name ?? type(of: node.layer).name,
        reason: "updates of its own parameters", found: "one of \"\(name)\""))
  }

  private static func draws(in graph: Graph, from start: NodeID) -> [String] {
    graph.nodes[start...].compactMap { node in
      if case .input(.random(let draw)) = node.kind { draw.stream } else { nil }
    }
  }
}
