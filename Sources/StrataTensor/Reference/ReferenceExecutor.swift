/// Runs a graph node by node in plain Swift, one thread: the definition of every result.
package struct ReferenceExecutor<S: Scalar> {
  package typealias Buffer = ReferenceBuffer<S>

  package init() {}

  /// The values of `outputs`, given those of the inputs by node.
  package func run(_ graph: Graph, inputs: [NodeID: Buffer], outputs: [NodeID]) -> [Buffer] {
    let nodes = graph.nodes
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for output in outputs { isNeeded[output] = true }
    for id in nodes.indices.reversed() where isNeeded[id] {
      for operand in nodes[id].operands { isNeeded[operand] = true }
    }
    var values: [NodeID: Buffer] = [:]
    for id in nodes.indices where isNeeded[id] {
      values[id] = value(of: id, nodes[id], inputs, values)
    }
    return outputs.compactMap { values[$0] }
  }

  private func value(
    of id: NodeID, _ node: Node, _ inputs: [NodeID: Buffer], _ values: [NodeID: Buffer]
  ) -> Buffer {
    switch node.kind {
    case .input:
      return inputs[id] ?? Buffer(node.type.shape, .real([]))
    case .constant(let storage):
      return Self.buffer(node.type, storage)
    case .operation(let operation):
      var result = operation.evaluate(node.operands.compactMap { values[$0] }, node.type)
      result.shape = node.type.shape
      return result
    }
  }

  package static func buffer(_ type: TensorType, _ storage: Storage) -> Buffer {
    switch type.element {
    case .float32:
      let floats = storage.array(of: Float.self, count: type.shape.count)
      return Buffer(type.shape, .real(floats.map { S($0) }))
    case .int32:
      return Buffer(type.shape, .integer(storage.array(of: Int32.self, count: type.shape.count)))
    }
  }
}
