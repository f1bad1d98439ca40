import StrataCore
import StrataTensor

/// Float32 values, so that a literal needs no type.
func tensor(_ values: [Float], shape: Shape) -> Tensor { Tensor(values, shape: shape) }

extension LayerChain {
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
}
