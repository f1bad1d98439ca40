internal import StrataCore
internal import StrataSemantics
internal import StrataTensor

/// Shapes and parameters of an architecture, and a trial trace that finds errors at build time.
struct ModelBuild {
  private(set) var callShapes: [Shape] = []
  private(set) var furtherShapes: [[Shape]] = []
  private(set) var parameters: [Model.Parameter] = []
  private(set) var drawStreams: [[String]] = []

  init(_ architecture: Architecture, _ semantics: Semantics) throws {
    try architecture.check()
    var built = Set<Int>()
    for call in architecture.calls {
      let node = architecture.nodes[call.node]
      let inputs = try call.inputs.map { try shape(of: $0, architecture) }
      do throws(LayerError) {
        let shape = try node.layer.outputShape(for: inputs)
        try Self.check(shape, "an output", of: node.layer)
        callShapes.append(shape)
        furtherShapes.append(try node.layer.furtherShapes(for: inputs))
        if built.insert(call.node).inserted {
          parameters += try Self.parameters(of: node, call.node, inputs)
        }
      } catch {
        var located = error
        located.name = node.name
        throw located
      }
    }
    for output in architecture.outputs { _ = try shape(of: output, architecture) }
    parameters.sort { $0.node < $1.node }
    drawStreams = try trialTrace(architecture, semantics)
  }

  private func shape(
    of source: Architecture.Source, _ architecture: Architecture
  ) throws(LayerError) -> Shape {
    switch source {
    case .input(let index): return architecture.inputs[index].shape
    case .call(let index): return callShapes[index]
    case .further(let index, let output):
      guard output <= furtherShapes[index].count else {
        let node = architecture.nodes[architecture.calls[index].node]
        throw LayerError(
          layer: node.layer.description, name: node.name,
          expected: "a use of its \(furtherShapes[index].count + 1) outputs",
          found: "one of output \(output)")
      }
      return furtherShapes[index][output - 1]
    }
  }

  private static func parameters(
    of node: Architecture.Node, _ index: Int, _ inputs: [Shape]
  ) throws(LayerError) -> [Model.Parameter] {
    let specs = try node.layer.parameters(for: inputs)
    for (index, spec) in specs.enumerated() {
      try check(spec.shape, "a parameter \(spec.name)", of: node.layer)
      guard !specs[..<index].contains(where: { $0.name == spec.name }) else {
        throw LayerError(
          layer: node.layer.description, expected: "parameters with different names",
          found: "two called \"\(spec.name)\"")
      }
    }
    return specs.map { spec in
      Model.Parameter(
        path: "\(node.name ?? "")/\(spec.name)", node: index, spec: spec,
        storage: Storage(byteCount: spec.shape.count * 4),
        isTrainable: spec.isTrainable && node.layer.isTrainable)
    }
  }

  private static func check(
    _ shape: Shape, _ owner: String, of layer: any Layer
  ) throws(LayerError) {
    guard shape.checkedCount == nil else { return }
    throw LayerError(
      layer: layer.description, expected: "\(owner) of at most 2^40 elements", found: "\(shape)")
  }

  /// Traces a training forward pass and plans it; the random draws of each node come out of it.
  private func trialTrace(
    _ architecture: Architecture, _ semantics: Semantics
  ) throws -> [[String]] {
    let graph = Graph()
    let inputs = architecture.inputs.map {
      graph.input(TensorType($0.shape.batched(2)), .argument($0.name ?? "x"))
    }
    let states = parameters.map { graph.input(TensorType($0.spec.shape), .state($0.path)) }
    let forward = ForwardTrace(
      architecture, graph: graph, inputs: inputs,
      parameters: .init(parameters, states), isTraining: true,
      unsupportedMask: UnsupportedMask.history.value(under: semantics))
    for (call, (output, shape)) in zip(forward.values, callShapes).enumerated() {
      guard graph.error == nil, output.shape != shape.batched(2) else { continue }
      let node = architecture.nodes[architecture.calls[call].node]
      throw LayerError(
        layer: node.layer.description, name: node.name, expected: "an output of \(shape)",
        found: "\(output.shape.droppingFirst())")
    }
    if let error = graph.error { throw error }
    return forward.draws
  }
}
