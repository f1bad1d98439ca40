internal import StrataTensor

/// The squares of an embedding's gradient, taken use by use: see `GradientSquares`.
enum SquaresOfUses {
  /// nil for a gradient that does not consist of rows added up at places.
  static func of(_ gradient: Tensor, _ graph: Graph) -> Tensor? {
    let nodes = graph.nodes
    return of(graph.node(for: gradient), nodes, graph)
  }

  private static func of(_ id: NodeID, _ nodes: [Node], _ graph: Graph) -> Tensor? {
    guard case .operation(let operation) = nodes[id].kind else { return nil }
    let operands = nodes[id].operands.map { Tensor(nodes[$0].type, .symbolic(graph, $0)) }
    if let scatter = operation as? ScatterAdd {
      return operands[0].square().scattered(operands[1], rows: scatter.rows)
    }
    guard operation as? BinaryFunction == .add, nodes[id].operands.count == 2 else { return nil }
    let parts = nodes[id].operands.compactMap { of($0, nodes, graph) }
    return parts.count == 2 ? parts[0] + parts[1] : nil
  }
}

/// The rows of an embedding that a step uses: see `SparseRows`.
enum RowsInUse {
  /// `[rows, width]`, above 0 where a row is used; nil for a gradient that does not consist of rows
  /// added up at places.
  static func of(_ gradient: Tensor, _ graph: Graph) -> Tensor? {
    of(graph.node(for: gradient), graph.nodes, graph)
  }

  private static func of(_ id: NodeID, _ nodes: [Node], _ graph: Graph) -> Tensor? {
    guard case .operation(let operation) = nodes[id].kind else { return nil }
    if let scatter = operation as? ScatterAdd {
      let (rows, places) = (nodes[id].operands[0], nodes[id].operands[1])
      let ones = Tensor.full(nodes[rows].type.shape, 1)
      return ones.scattered(
        Tensor(nodes[places].type, .symbolic(graph, places)), rows: scatter.rows)
    }
    guard operation as? BinaryFunction == .add, nodes[id].operands.count == 2 else { return nil }
    let parts = nodes[id].operands.compactMap { of($0, nodes, graph) }
    return parts.count == 2 ? parts[0] + parts[1] : nil
  }
}
