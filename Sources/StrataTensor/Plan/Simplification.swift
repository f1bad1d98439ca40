/// Rewrites what nodes read so that less is computed; no bit of a value changes.
///
/// Nodes keep their numbers. One that nothing reads any more is no longer live.
///
/// * A value that is only passed on (`detach`) is read at its source.
/// * An elementwise operation broadcasts its operands itself: it reads the source of a `broadcast`.
/// * Of nodes that compute the same from the same, all readers read the first.
struct Simplification {
  private(set) var nodes: [Node]
  /// The node that is read in the place of each.
  private var replacement: [NodeID]
  private var known: [Expression: NodeID] = [:]

  init(_ nodes: [Node]) {
    self.nodes = nodes
    replacement = Array(nodes.indices)
    for id in nodes.indices { simplify(id) }
  }

  private mutating func simplify(_ id: NodeID) {
    nodes[id].operands = nodes[id].operands.map { replacement[$0] }
    if nodes[id].elementwise != nil {
      nodes[id].operands = nodes[id].operands.map(sourceOfBroadcast)
    }
    if nodes[id].operation is Detach {
      replacement[id] = nodes[id].operands[0]
    } else if let expression = expression(id) {
      replacement[id] = known[expression] ?? id
      known[expression] = replacement[id]
    }
  }

  private func sourceOfBroadcast(_ id: NodeID) -> NodeID {
    nodes[id].operation is Broadcast ? nodes[id].operands[0] : id
  }

  private func expression(_ id: NodeID) -> Expression? {
    switch nodes[id].kind {
    case .input: nil
    case .operation(let operation):
      Expression(value: AnyHashable(operation), operands: nodes[id].operands, type: nodes[id].type)
    case .constant(let storage):
      nodes[id].type.byteCount == 4
        ? Expression(
          value: storage.base.load(as: UInt32.self), operands: [], type: nodes[id].type) : nil
    }
  }

  /// What a node computes.
  private struct Expression: Hashable {
    var value: AnyHashable
    var operands: [NodeID]
    var type: TensorType
  }
}
