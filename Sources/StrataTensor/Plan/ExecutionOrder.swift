/// The order in which nodes run: as they were traced, but a sum that a chain can add up, and what only
/// chains compute of what it sums, as early as their operands are known.
///
/// So sums of the same values stand side by side and can be added up in one pass (`Fusion`).
struct ExecutionOrder {
  let ids: [NodeID]
  /// The position of each node.
  let rank: [Int]

  init(_ nodes: [Node], isLive: [Bool]) {
    let isInChains = Self.isInChains(nodes, isLive)
    var ids: [NodeID] = []
    var moved: [NodeID: [NodeID]] = [:]
    var isMoved = [Bool](repeating: false, count: nodes.count)
    var anchorOf: [NodeID: NodeID] = [:]
    for id in nodes.indices where isLive[id] && nodes[id].joinsChains {
      let cone = Self.cone(of: id, nodes) { isInChains[$0] && !isMoved[$0] && moved[$0] == nil }
      let operands = (cone + [id]).flatMap { nodes[$0].operands }.filter { !cone.contains($0) }
      guard let last = operands.map({ anchorOf[$0] ?? $0 }).max() else { continue }
      for member in cone.sorted() + [id] where member > last {
        isMoved[member] = true
        anchorOf[member] = last
        moved[last, default: []].append(member)
      }
    }
    for id in nodes.indices where !isMoved[id] {
      ids.append(id)
      ids += moved[id] ?? []
    }
    var rank = [Int](repeating: 0, count: nodes.count)
    for (position, id) in ids.enumerated() { rank[id] = position }
    self.ids = ids
    self.rank = rank
  }

  /// Elementwise nodes that only elementwise nodes and sums in chains read.
  private static func isInChains(_ nodes: [Node], _ isLive: [Bool]) -> [Bool] {
    var result = nodes.map { $0.elementwise != nil }
    for id in nodes.indices where isLive[id] && nodes[id].elementwise == nil {
      if !nodes[id].joinsChains { for operand in nodes[id].operands { result[operand] = false } }
    }
    return result
  }

  /// What chains compute, element by element, of what a sum adds up.
  private static func cone(
    of sum: NodeID, _ nodes: [Node], where isIncluded: (NodeID) -> Bool
  ) -> Set<NodeID> {
    let space = nodes[nodes[sum].operands[0]].type
    var cone: Set<NodeID> = []
    var open = nodes[sum].operands
    while let id = open.popLast() {
      guard isIncluded(id), nodes[id].type == space, cone.count < Fusion.largestGroup,
        cone.insert(id).inserted
      else { continue }
      open += nodes[id].operands
    }
    return cone
  }
}

extension Node {
  var joinsChains: Bool { (operation as? SumMiddle)?.joinsChains ?? false }
}
