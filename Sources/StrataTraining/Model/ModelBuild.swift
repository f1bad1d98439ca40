internal import StrataCore
internal import StrataSemantics
internal import StrataTensor

/// Shapes and parameters of an architecture, and a trial trace that finds errors at build time.
struct ModelBuild {
  private(set) var callShapes: [Shape] = []
  private(set) var parameters: [Model.Parameter] = []
  private(set) var drawStreams: [[String]] = []

  init(_ architecture: Architecture, _ semantics: Semantics) throws {
    guard !architecture.outputs.isEmpty, !architecture.inputs.isEmpty else {
      throw LayerError(layer: "model", expected: "an input and an output", found: "none")
    }
    var built = Set<Int>()
    for call in architecture.calls {
      let node = architecture.nodes[call.node]
      let inputs = call.inputs.map { source -> Shape in
        switch source {
        case .input(let index): architecture.inputs[index].shape
        case .call(let index): callShapes[index]
        }
      }
      do throws(LayerError) {
        callShapes.append(try node.layer.outputShape(for: inputs))
        if built.insert(call.node).inserted {
          parameters += try Self.parameters(of: node, call.node, inputs)
        }
      } catch {
        var located = error
        located.name = node.name
        throw located
      }
    }
    parameters.sort { $0.node < $1.node }
    drawStreams = try trialTrace(architecture)
  }

  private static func parameters(
    of node: Architecture.Node, _ index: Int, _ inputs: [Shape]
  ) throws(LayerError) -> [Model.Parameter] {
    try node.layer.parameters(for: inputs).map { spec in
      Model.Parameter(
        path: "\(node.name ?? "")/\(spec.name)", node: index, spec: spec,
        storage: Storage(byteCount: spec.shape.count * 4),
        isTrainable: spec.isTrainable && node.layer.isTrainable)
    }
  }

  /// Traces a training forward pass and plans it; the random draws of each node come out of it.
  private func trialTrace(_ architecture: Architecture) throws -> [[String]] {
    let graph = Graph()
    let inputs = architecture.inputs.map {
      graph.input(TensorType($0.shape.batched(2)), .argument($0.name ?? "x"))
    }
    let states = parameters.map { graph.input(TensorType($0.spec.shape), .state($0.path)) }
    let forward = ForwardTrace(
      architecture, graph: graph, inputs: inputs,
      parameters: .init(parameters, states), isTraining: true)
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
