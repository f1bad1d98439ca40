/// Groups elementwise nodes: a node that only one node of the same shape reads joins its reader.
///
/// Each group has one result, that of its last node; bits do not depend on the grouping.
struct Fusion {
  /// The group (named by its last node) to which each live elementwise node belongs.
  private(set) var root: [NodeID: NodeID] = [:]
  private(set) var members: [NodeID: [NodeID]] = [:]

  /// A group is a tree of at most this many operations; evaluated in the worst order it keeps 13
  /// values (the leaves of a tree of ternary operations) and 3 loads in registers, 16 in all.
  static let largestGroup = 20

  init(_ nodes: [Node], isLive: [Bool], pinned: Set<NodeID>, isEnabled: Bool) {
    let readers = Self.soleReaders(nodes, isLive)
    for id in nodes.indices.reversed() where isLive[id] && nodes[id].elementwise != nil {
      if isEnabled, !pinned.contains(id), let reader = readers[id] ?? nil,
        let group = root[reader], nodes[reader].type == nodes[id].type,
        (members[group]?.count ?? 0) < Self.largestGroup
      {
        root[id] = group
        members[group, default: []].append(id)
      } else {
        root[id] = id
        members[id] = [id]
      }
    }
    for group in members.keys { members[group]?.sort() }
  }

  /// The one live node that reads each node, if there is just one.
  private static func soleReaders(_ nodes: [Node], _ isLive: [Bool]) -> [NodeID: NodeID?] {
    var readers: [NodeID: NodeID?] = [:]
    for id in nodes.indices where isLive[id] {
      for operand in Set(nodes[id].operands) {
        readers[operand] = readers.keys.contains(operand) ? .some(nil) : id
      }
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
