/// Groups elementwise nodes of one shape into chains that run tile by tile: a node joins a group
/// that reads it if whatever else reads it comes later.
///
/// A group runs where its last node stands; what others read of it is stored. Bits do not depend on
/// the grouping.
struct Fusion {
  /// The group (named by its last node) to which each live elementwise node belongs.
  private(set) var root: [NodeID: NodeID] = [:]
  /// The nodes of each group in order.
  private(set) var members: [NodeID: [NodeID]] = [:]
  /// The nodes of each group whose values are needed outside of it.
  private(set) var results: [NodeID: [NodeID]] = [:]

  private let readers: [NodeID: [NodeID]]
  /// Values that are needed after the program.
  private let pinned: Set<NodeID>

  /// Longer chains gain nothing.
  private static let largestGroup = 32

  init(_ nodes: [Node], isLive: [Bool], pinned: Set<NodeID>, isEnabled: Bool) {
    readers = Self.readers(nodes, isLive)
    self.pinned = pinned
    for id in nodes.indices.reversed() where isLive[id] && nodes[id].elementwise != nil {
      if isEnabled, let group = group(of: id, readers[id] ?? [], nodes) {
        root[id] = group
        members[group, default: []].insert(id, at: 0)
        if isResult(id, of: group) { results[group, default: []].append(id) }
      } else {
        root[id] = id
        members[id] = [id]
        results[id] = [id]
      }
    }
  }

  /// The group that reads a node before anything else does and has room for it.
  private func group(
    of id: NodeID, _ readers: [NodeID], _ nodes: [Node]
  ) -> NodeID? {
    guard let group = readers.compactMap({ root[$0] }).min(),
      nodes[group].type == nodes[id].type,
      readers.allSatisfy({ root[$0] == group || $0 > group }),
      let present = members[group], present.count < Self.largestGroup
    else { return nil }
    return registerPressure([id] + present, group, nodes) <= ElementwiseChain.registerCount
      ? group : nil
  }

  /// Whether a member's value is needed outside of its group.
  private func isResult(_ id: NodeID, of group: NodeID) -> Bool {
    pinned.contains(id) || (readers[id] ?? []).contains { root[$0] != group }
  }

  /// The registers that a group takes: values that live on, and the loads of one operation.
  ///
  /// A result lives to the end, the longest that its store can be put off.
  private func registerPressure(_ members: [NodeID], _ group: NodeID, _ nodes: [Node]) -> Int {
    let inside = Set(members)
    var lastUse: [NodeID: Int] = [:]
    for (position, member) in members.enumerated() {
      for operand in nodes[member].operands where inside.contains(operand) {
        lastUse[operand] = position
      }
    }
    for member in members where isResult(member, of: group) { lastUse[member] = members.count }
    var live = 0
    var pressure = 0
    for (position, member) in members.enumerated() {
      let loads = nodes[member].operands.filter { !inside.contains($0) }.count
      pressure = max(pressure, live + loads + 1)
      live += 1 - lastUse.values.filter { $0 == position }.count
    }
    return pressure
  }

  private static func readers(_ nodes: [Node], _ isLive: [Bool]) -> [NodeID: [NodeID]] {
    var readers: [NodeID: [NodeID]] = [:]
    for id in nodes.indices where isLive[id] {
      for operand in Set(nodes[id].operands) { readers[operand, default: []].append(id) }
    }
    return readers
  }
}

extension Node {
  var operation: (any Operation)? {
    if case .operation(let operation) = kind { operation } else { nil }
  }
  var elementwise: (any ElementwiseOperation)? { operation as? any ElementwiseOperation }
}
