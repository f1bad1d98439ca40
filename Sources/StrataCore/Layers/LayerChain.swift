package import StrataTensor

/// Layers in a row, traced with their gradients.
package struct LayerChain {
  /// A value that the trace is given.
  package struct Argument {
    package var name: String
    package var node: NodeID
    package var value: Tensor
    package var isDifferentiable: Bool
  }

  package let graph = Graph()
  package private(set) var arguments: [Argument] = []
  package private(set) var output: Tensor
  /// What the last layer gives besides its output.
  package private(set) var further: [Tensor]
  package private(set) var mask: Tensor?
  /// New values of statistics, by layer and name: `0/moving_mean`.
  package private(set) var updates: [(name: String, value: Tensor)] = []

  /// Traces the layers.
  ///
  /// - Parameters:
  ///   - layers: Resolved layers; the first takes all inputs.
  ///   - inputs: The values of the inputs.
  ///   - weights: Values by layer and parameter: `0/kernel`.
  ///   - isTraining: The mode.
  ///   - masks: The masks of the first layer's inputs.
  /// - Throws: `LayerError` of a layer; `ChainError` for a weight that is not there.
  package init(
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
    further = state.further
  }

  private struct State {
    var masks: [Tensor?]
    var tensors: [Tensor] = []
    var further: [Tensor] = []
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
      let outputs = layer.outputs(tensors, context)
      masks = [layer.outputMask(tensors, context)]
      (tensors, further) = ([outputs[0]], Array(outputs.dropFirst()))
      updates += context.updates.map { ("\(index)/\($0.name)", $0.value) }
    }
  }

  package struct ChainError: Error, CustomStringConvertible {
    package var missing: String
    package var description: String { "layers: expected a value for \(missing), but got none." }
  }
}

extension LayerChain {
  package var variables: [Argument] { arguments.filter(\.isDifferentiable) }

  /// The scalar `Σ output·weights` and its gradients with respect to the variables.
  ///
  /// `further` are weights of the further outputs, whose sums are added.
  package func gradients(
    of weights: Tensor, further weightsOfFurther: [Tensor] = []
  ) -> (loss: Tensor, gradients: [Tensor]) {
    let loss = zip(further, weightsOfFurther).reduce((output * weights).sum()) {
      $0 + ($1.0 * $1.1).sum()
    }
    let targets = variables.map { Tensor($0.value.type, .symbolic(graph, $0.node)) }
    return (loss, Gradient.of(loss, withRespectTo: targets))
  }

  /// Values of tensors of the trace, computed by the kernels.
  package func native(_ tensors: [Tensor]) throws -> [[Float]] {
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

  /// Fixed values in place of random ones: zeros and ones in turn.
  package static func drawn(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { $0 % 3 == 0 ? Float(0) : 1 }, shape: shape)
  }
}
