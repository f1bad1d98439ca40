/// Groups elementwise nodes of one shape into chains that run tile by tile: a node joins a group
/// that reads it if whatever else reads it comes later.
///
/// Sums over rows are added up by the chains. A group runs where its last node stands; what others
/// read of it is stored. A value that costs little to compute from one other of its size is computed in
/// every group that reads it rather than stored. Bits do not depend on the grouping.
struct Fusion {
  /// The nodes of each group (named by its last node) in order.
  private(set) var members: [NodeID: [NodeID]] = [:]
  /// The nodes of each group whose values are needed outside of it.
  private(set) var results: [NodeID: [NodeID]] = [:]

  /// The groups to which each node belongs: several for one that is computed in each.
  private var groups: [NodeID: Set<NodeID>] = [:]
  /// The values of a row in the sums of a group.
  private var rowWidth: [NodeID: Int] = [:]
  private let nodes: [Node]
  private let rank: [Int]
  private let isView: [Bool]
  private let readers: [NodeID: [NodeID]]
  /// Values that are needed after the program.
  private let pinned: Set<NodeID>

  /// Longer chains gain nothing.
  static let largestGroup = 32

  init(
    _ nodes: [Node], _ order: ExecutionOrder, isLive: [Bool], isView: [Bool], pinned: Set<NodeID>,
    isEnabled: Bool
  ) {
    self.nodes = nodes
    self.isView = isView
    self.pinned = pinned
    rank = order.rank
    readers = Self.readers(nodes, isLive)
    for id in order.ids.reversed() where isLive[id] {
      if nodes[id].elementwise != nil {
        let targets = isEnabled ? groupsToCompute(id) ?? group(of: id).map { [$0] } : nil
        for group in targets ?? [id] { insert(id, into: group) }
      } else if isEnabled, nodes[id].joinsChains {
        insert(id, into: groupBeside(id) ?? id)
      }
    }
    dissolveLoneSums()
    for (group, members) in members {
      results[group] = members.filter { isResult($0, of: group) }
    }
  }

  /// Whether a node has an instruction of its own or that of its group.
  func runs(_ id: NodeID) -> Bool { groups[id].map { $0 == [id] } ?? true }

  /// The only group that computes a node.
  func root(of id: NodeID) -> NodeID? { groups[id].flatMap { $0.count == 1 ? $0.first : nil } }

  /// The index space of a group.
  func space(_ group: NodeID) -> TensorType {
    nodes[group].elementwise == nil ? nodes[nodes[group].operands[0]].type : nodes[group].type
  }

  private mutating func insert(_ id: NodeID, into group: NodeID) {
    groups[id, default: []].insert(group)
    members[group, default: []].insert(id, at: 0)
    if let width = width(id) { rowWidth[group] = width }
  }

  private func width(_ id: NodeID) -> Int? {
    nodes[id].elementwise == nil ? nodes[id].type.shape.count : nil
  }

  /// A sum that stands alone is not computed by a chain.
  private mutating func dissolveLoneSums() {
    for (group, present) in members where present == [group] && nodes[group].elementwise == nil {
      members[group] = nil
      groups[group] = nil
    }
  }

  // MARK: Which group

  /// The group that reads a node before anything else does and has room for it.
  private func group(of id: NodeID) -> NodeID? {
    let readers = readers[id] ?? []
    guard let group = earliest(readers.flatMap { groups[$0] ?? [] }),
      readers.allSatisfy({ groups[$0]?.contains(group) ?? false || firstRun($0) > rank[group] }),
      hasRoom(for: id, in: group)
    else { return nil }
    return group
  }

  /// All groups that read a node, if each can compute it from the one value of its size that it needs.
  private func groupsToCompute(_ id: NodeID) -> Set<NodeID>? {
    guard !pinned.contains(id), nodes[id].elementwise?.isCheap ?? false else { return nil }
    let large = nodes[id].operands.filter {
      nodes[$0].type.shape.count * 8 > nodes[id].type.shape.count
    }
    guard Set(large).count <= 1 else { return nil }
    var targets: Set<NodeID> = []
    for reader in readers[id] ?? [] {
      guard let groups = groups[reader] else { return nil }
      targets.formUnion(groups)
    }
    guard targets.count > 1, targets.allSatisfy({ hasRoom(for: id, in: $0) }) else { return nil }
    return targets
  }

  /// For a sum: a group that adds up others of the same rows and reads what it reads.
  private func groupBeside(_ sum: NodeID) -> NodeID? {
    let summed = nodes[sum].operands[0]
    let sources = [summed] + (nodes[summed].elementwise == nil ? [] : nodes[summed].operands)
    let size = nodes[summed].type
    let beside = sources.filter { nodes[$0].type == size }.flatMap { readers[$0] ?? [] }
    let candidates = beside.flatMap { groups[$0] ?? [] }.filter { group in
      (rowWidth[group] ?? width(sum)) == width(sum) && hasRoom(for: sum, in: group)
        && (readers[sum] ?? []).allSatisfy { firstRun($0) > rank[group] }
    }
    return earliest(candidates)
  }

  private func earliest(_ groups: [NodeID]) -> NodeID? { groups.min { rank[$0] < rank[$1] } }

  /// The position at which a node is computed first; of a view, at which it is read first.
  private func firstRun(_ id: NodeID) -> Int {
    if isView[id] { return (readers[id] ?? []).map(firstRun).min() ?? .max }
    return groups[id].flatMap { $0.map { rank[$0] }.min() } ?? rank[id]
  }

  private func hasRoom(for id: NodeID, in group: NodeID) -> Bool {
    let type = width(id) == nil ? nodes[id].type : nodes[nodes[id].operands[0]].type
    guard let present = members[group], present.count < Self.largestGroup, type == space(group)
    else { return false }
    return registerPressure([id] + present, group) <= ElementwiseChain.registerCount
  }

  /// Whether a member's value is needed outside of its group: of a value that several groups compute,
  /// never.
  private func isResult(_ id: NodeID, of group: NodeID) -> Bool {
    if width(id) != nil || pinned.contains(id) { return true }
    if groups[id]?.count ?? 0 > 1 { return false }
    return (readers[id] ?? []).contains { groups[$0] != [group] }
  }

  /// The registers that a group takes: values that live on, and the loads of one operation.
  ///
  /// A result lives to the end, the longest that its store can be put off.
  private func registerPressure(_ members: [NodeID], _ group: NodeID) -> Int {
    let inside = Set(members)
    var lastUse: [NodeID: Int] = [:]
    for (position, member) in members.enumerated() {
      for operand in nodes[member].operands where inside.contains(operand) {
        lastUse[operand] = position
      }
    }
    for member in members where width(member) == nil && isResult(member, of: group) {
      lastUse[member] = members.count
    }
    var live = 0
    var pressure = 0
    for (position, member) in members.enumerated() {
      let loads = nodes[member].operands.filter { !inside.contains($0) }.count
      pressure = max(pressure, live + loads + 1)
      live += (width(member) == nil ? 1 : 0) - lastUse.values.filter { $0 == position }.count
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
