/// Lets convolutions and the derivative of pooling finish their own results: an operation that only
/// rectifies such a result, or lets it pass where a rectified value is positive, is computed where the
/// result is made.
///
/// Nodes keep their numbers; the finishing node takes the place of both.
struct Epilogues {
  private(set) var nodes: [Node]
  /// How often each node is read by live ones; a value that is needed after the program counts too.
  private let readCounts: [Int]

  init(_ nodes: [Node], isLive: [Bool], pinned: [NodeID]) {
    self.nodes = nodes
    var counts = [Int](repeating: 0, count: nodes.count)
    for id in nodes.indices where isLive[id] {
      for operand in nodes[id].operands { counts[operand] += 1 }
    }
    for id in pinned { counts[id] += 1 }
    readCounts = counts
    for id in nodes.indices where isLive[id] { join(id) }
  }

  private mutating func join(_ id: NodeID) {
    if nodes[id].operation as? UnaryFunction == .relu { joinRelu(id) }
    if nodes[id].operation is Select { joinMask(id) }
  }

  private mutating func joinRelu(_ id: NodeID) {
    let source = nodes[id].operands[0]
    guard readCounts[source] == 1, var convolution = nodes[source].operation as? Convolution2D,
      isJoinable(convolution.groups, kernel: nodes[source].operands[1]),
      convolution.window.rows.size * convolution.window.columns.size > 1
    else { return }
    convolution.rectifies = true
    replace(id, by: convolution, nodes[source].operands)
  }

  /// `select(mask > 0, source, 0)`.
  private mutating func joinMask(_ id: NodeID) {
    let (condition, source) = (nodes[id].operands[0], nodes[id].operands[1])
    guard readCounts[source] == 1, isZero(nodes[id].operands[2]),
      nodes[condition].operation as? BinaryFunction == .greater,
      isZero(nodes[condition].operands[1]), nodes[source].type == nodes[id].type
    else { return }
    let mask = nodes[condition].operands[0]
    guard nodes[mask].type == nodes[id].type else { return }
    let operands = nodes[source].operands
    if var pooling = nodes[source].operation as? MaxPooling2DGradient, operands[0] == mask {
      pooling.isMasked = true
      replace(id, by: pooling, operands)
    } else if var convolution = nodes[source].operation as? Convolution2DInput,
      isJoinable(convolution.groups, kernel: operands[1])
    {
      convolution.isMasked = true
      replace(id, by: convolution, operands + [mask])
    }
  }

  private mutating func replace(
    _ id: NodeID, by operation: any Operation, _ operands: [NodeID]
  ) {
    nodes[id].kind = .operation(operation)
    nodes[id].operands = operands
  }

  /// One group, of more than one channel to one: that is another kernel.
  private func isJoinable(_ groups: Int, kernel: NodeID) -> Bool {
    let shape = nodes[kernel].type.shape
    return groups == 1 && shape[2] * shape[3] > 1
  }

  private func isZero(_ id: NodeID) -> Bool {
    guard case .constant(let storage) = nodes[id].kind, nodes[id].type.byteCount == 4 else {
      return false
    }
    return storage.base.load(as: UInt32.self) == 0
  }
}
