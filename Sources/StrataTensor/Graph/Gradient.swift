/// Reverse-mode differentiation of a trace: appends the derivative to the same graph.
package enum Gradient {
  /// The gradients of the scalar `loss` with respect to `variables`, zero where it does not depend.
  ///
  /// Contributions to one value are added in the order of its uses.
  package static func of(_ loss: Tensor, withRespectTo variables: [Tensor]) -> [Tensor] {
    guard case .symbolic(let graph, let root) = loss.value else {
      return variables.map { .zeros($0.shape) }
    }
    let targets = variables.map(graph.node(for:))
    let wanted = Set(targets)
    let nodes = graph.nodes
    let needed = reaches(targets, in: nodes, upTo: root)
    var pending: [[Tensor]] = Array(repeating: [], count: root + 1)
    var total: [NodeID: Tensor] = [:]
    pending[root] = [.full(loss.shape, 1)]
    for id in (0...root).reversed() where needed[id] && !pending[id].isEmpty {
      // Uses arrive last first.
      let gradient = pending[id].reversed().reduceInOrder()
      pending[id] = []
      if nodes[id].isLeaf || wanted.contains(id) { total[id] = gradient }
      propagate(gradient, at: id, nodes[id], graph, needed, &pending)
    }
    return zip(targets, variables).map { id, variable in total[id] ?? .zeros(variable.shape) }
  }

  private static func propagate(
    _ gradient: Tensor, at id: NodeID, _ node: Node, _ graph: Graph, _ needed: [Bool],
    _ pending: inout [[Tensor]]
  ) {
    guard case .operation(let operation) = node.kind else { return }
    let nodes = node.operands
    let site = DerivativeSite(
      operands: nodes.map { Tensor(graph.type(of: $0), .symbolic(graph, $0)) },
      result: Tensor(node.type, .symbolic(graph, id)), upstream: gradient,
      isNeeded: nodes.map { needed[$0] })
    let contributions = graph.inScope(node.scope) { operation.derivative(site) }
    for (operand, contribution) in zip(nodes, contributions).reversed() {
      if needed[operand], let contribution { pending[operand].append(contribution) }
    }
  }

  /// Which nodes depend on a target (so that a gradient must pass through them).
  private static func reaches(_ targets: [NodeID], in nodes: [Node], upTo root: NodeID) -> [Bool] {
    var result = [Bool](repeating: false, count: max(root, targets.max() ?? 0) + 1)
    for target in targets { result[target] = true }
    for id in 0...root where !result[id] {
      result[id] = nodes[id].operands.contains { result[$0] }
    }
    return result
  }
}

extension Node {
  fileprivate var isLeaf: Bool {
    if case .operation = kind { false } else { true }
  }
}

extension Sequence where Element == Tensor {
  fileprivate func reduceInOrder() -> Tensor {
    var sum: Tensor?
    for element in self { sum = sum.map { $0 + element } ?? element }
    return sum ?? 0
  }
}
