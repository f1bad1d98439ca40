import StrataCore
import StrataTensor

/// Float32 values, so that a literal needs no type.
func tensor(_ values: [Float], shape: Shape) -> Tensor { Tensor(values, shape: shape) }

/// Layers in a row, traced with their gradients: run by the reference in any precision, or natively.
struct LayerChain {
  /// A value that the trace is given.
  struct Argument {
    var name: String
    var node: NodeID
    var value: Tensor
    var isDifferentiable: Bool
  }

  let graph = Graph()
  private(set) var arguments: [Argument] = []
  private(set) var output: Tensor
  private(set) var mask: Tensor?
  /// New values of statistics, by layer and name: `0/moving_mean`.
  private(set) var updates: [(name: String, value: Tensor)] = []

  /// Traces the layers.
  ///
  /// - Parameters:
  ///   - layers: Resolved layers; the first takes all inputs.
  ///   - inputs: The values of the inputs.
  ///   - weights: Values by layer and parameter: `0/kernel`.
  ///   - isTraining: The mode.
  ///   - masks: The masks of the first layer's inputs.
  /// - Throws: `LayerError` of a layer; `ChainError` for a weight that is not there.
  init(
    _ layers: [any Layer], inputs: [Tensor], weights: [String: Tensor], isTraining: Bool,
    masks: [Tensor?]? = nil
  ) throws {
    var state = State(masks: masks ?? inputs.map { _ in nil })
    for (index, input) in inputs.enumerated() {
      state.tensors.append(
        state.add("input\(index)", input, input.element == .float32, graph))
    }
    for (index, layer) in layers.enumerated() {
      try state.apply(layer, index, weights, isTraining, graph)
    }
    (arguments, output, mask, updates) = (
      state.arguments, state.tensors[0], state.masks[0], state.updates
    )
  }

  private struct State {
    var masks: [Tensor?]
    var tensors: [Tensor] = []
    var arguments: [Argument] = []
    var updates: [(name: String, value: Tensor)] = []

    mutating func add(
      _ name: String, _ value: Tensor, _ isDifferentiable: Bool, _ graph: Graph
    ) -> Tensor {
      let tensor = graph.input(value.type, .argument(name))
      arguments.append(
        Argument(
          name: name, node: graph.node(for: tensor), value: value,
          isDifferentiable: isDifferentiable))
      return tensor
    }

    mutating func apply(
      _ layer: any Layer, _ index: Int, _ weights: [String: Tensor], _ isTraining: Bool,
      _ graph: Graph
    ) throws {
      var parameters: [String: Tensor] = [:]
      for spec in try layer.parameters(for: tensors.map { $0.shape.droppingFirst() }) {
        let name = "\(index)/\(spec.name)"
        guard let value = weights[name] else { throw ChainError(missing: name) }
        parameters[spec.name] = add(name, value, spec.isTrainable, graph)
      }
      let context = LayerContext(
        graph: graph, path: "\(index)", isTraining: isTraining, masks: masks,
        parameters: parameters)
      let output = layer.forward(tensors, context)
      masks = [layer.outputMask(tensors, context)]
      tensors = [output]
      updates += context.updates.map { ("\(index)/\($0.name)", $0.value) }
    }
  }

  struct ChainError: Error {
    var missing: String
  }
}

extension LayerChain {
  var variables: [Argument] { arguments.filter(\.isDifferentiable) }

  /// The scalar `Σ output·weights` and its gradients with respect to the variables.
  func gradients(of weights: Tensor) -> (loss: Tensor, gradients: [Tensor]) {
    let loss = (output * weights).sum()
    let targets = variables.map { Tensor($0.value.type, .symbolic(graph, $0.node)) }
    return (loss, Gradient.of(loss, withRespectTo: targets))
  }

  /// Values of tensors of the trace, computed by the kernels.
  func native(_ tensors: [Tensor]) throws -> [[Float]] {
    let plan = try Plan(graph, outputs: tensors.map(graph.node(for:)))
    let session = Session(plan)
    for (index, input) in plan.inputs.enumerated() {
      let argument = arguments.first { $0.node == input.node }
      let value = argument?.value ?? Self.drawn(input.type.shape)
      session.bind(index, to: try value.storage(of: value.element))
    }
    session.run()
    return try tensors.indices.map { try session.output($0).floats() }
  }

  /// Values of tensors of the trace, by the reference; `changed` replaces an argument's values.
  func reference<S: Scalar>(
    _ tensors: [Tensor], in precision: S.Type,
    changed: [String: [S]] = [:]
  ) throws -> [[S]] {
    if let error = graph.error { throw error }
    var inputs: [NodeID: ReferenceBuffer<S>] = [:]
    for (node, content) in graph.nodes.enumerated() {
      guard case .input(.random) = content.kind else { continue }
      inputs[node] = ReferenceBuffer(
        content.type.shape, .real(try Self.drawn(content.type.shape).floats().map { S($0) }))
    }
    for argument in arguments {
      let value = argument.value
      inputs[argument.node] =
        if let values = changed[argument.name] {
          ReferenceBuffer(value.shape, .real(values))
        } else {
          ReferenceExecutor<S>.buffer(value.type, try value.storage(of: value.element))
        }
    }
    let outputs = tensors.map(graph.node(for:))
    return ReferenceExecutor<S>().run(graph, inputs: inputs, outputs: outputs).map(\.reals)
  }

  /// Fixed values in place of random ones: zeros and ones in turn.
  private static func drawn(_ shape: Shape) -> Tensor {
    tensor((0..<shape.count).map { $0 % 3 == 0 ? 0 : 1 }, shape: shape)
  }
}
