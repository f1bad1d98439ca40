/// Turns a trace into a program: live nodes, fused groups, places, instructions.
struct Planner {
  private let graph: Graph
  let nodes: [Node]
  let outputs: [NodeID]
  let updates: [Plan.Update]
  private let isLive: [Bool]
  private let isView: [Bool]
  private let fusion: Fusion
  /// The nodes that make an instruction, in order.
  private let schedule: [NodeID]

  private(set) var inputs: [Plan.Input] = []
  private(set) var arena = Arena()
  private(set) var program = ProgramBuilder()
  private var places: [NodeID: Place] = [:]
  private var constantBytes: [(Storage, TensorType, Int)] = []
  private var constantByteCount = 0
  /// Per buffer owner, the last position in the schedule at which it is read.
  private var lastRead: [NodeID: Int] = [:]
  private var ranges: [NodeID: Range<Int>] = [:]

  init(_ graph: Graph, outputs: [NodeID], updates: [Plan.Update], options: Plan.Options) {
    let trace = graph.nodes
    var nodes = options.simplifies ? Simplification(trace).nodes : trace
    let pinned = outputs + updates.map(\.value)
    let roots = pinned + updates.map(\.state)
    if options.simplifies {
      nodes = Epilogues(nodes, isLive: Self.live(nodes, roots), pinned: pinned).nodes
    }
    self.graph = graph
    self.nodes = nodes
    self.outputs = outputs
    self.updates = updates
    let live = Self.live(nodes, roots)
    isLive = live
    let views = nodes.indices.map { live[$0] && Self.viewOffset(nodes, $0) != nil }
    isView = views
    let order = ExecutionOrder(nodes, isLive: live)
    let fusion = Fusion(
      nodes, order, isLive: live, isView: views, pinned: Set(pinned),
      isEnabled: options.fusesElementwise)
    self.fusion = fusion
    schedule = order.ids.filter { id in
      live[id] && nodes[id].operation != nil && !views[id] && fusion.runs(id)
    }
  }

  /// The nodes that the roots need.
  private static func live(_ nodes: [Node], _ roots: [NodeID]) -> [Bool] {
    var live = [Bool](repeating: false, count: nodes.count)
    for id in roots { live[id] = true }
    for id in nodes.indices.reversed() where live[id] {
      for operand in nodes[id].operands { live[operand] = true }
    }
    return live
  }

  mutating func run() {
    placeLeaves()
    findLastReads()
    let inPlace = updatesInPlace()
    for (position, id) in schedule.enumerated() {
      for result in results(of: id) { placeResult(result, inPlace[result]) }
      lower(id)
      release(at: position)
    }
    copyUpdates(updates.filter { inPlace[owner(of: $0.value)] != $0.state })
  }

  /// The nodes whose values the instruction of `id` leaves behind.
  private func results(of id: NodeID) -> [NodeID] { fusion.results[id] ?? [id] }

  private mutating func placeResult(_ id: NodeID, _ state: NodeID?) {
    let type = nodes[id].type
    if let state, var place = places[state] {
      place.type = type
      places[id] = place
    } else {
      let range = arena.allocate(type.byteCount)
      ranges[id] = range
      places[id] = Place(type, space: Plan.arenaSpace, offset: range.lowerBound)
    }
  }

  // MARK: Places

  /// The elements of its operand that a view skips; nil for a node with a buffer of its own.
  private static func viewOffset(_ nodes: [Node], _ id: NodeID) -> Int? {
    guard let view = nodes[id].operation as? any ViewOperation else { return nil }
    return view.blockOffset(nodes[id].operands.map { nodes[$0].type })
  }

  /// The node whose buffer holds this node's values: views lie in their first operand.
  private func owner(of id: NodeID) -> NodeID {
    var id = id
    while isView[id] { id = nodes[id].operands[0] }
    return id
  }

  func place(of id: NodeID) -> Place {
    var (owner, offset) = (id, 0)
    while let skipped = isView[owner] ? Self.viewOffset(nodes, owner) : nil {
      offset += skipped
      owner = nodes[owner].operands[0]
    }
    var place = places[owner] ?? Place(nodes[id].type, space: 0, offset: 0)
    place.type = nodes[id].type
    return place.advanced(by: offset)
  }

  private mutating func placeLeaves() {
    for id in nodes.indices where isLive[id] {
      switch nodes[id].kind {
      case .input(let role):
        let space = Plan.firstInputSpace + Int32(inputs.count)
        inputs.append(Plan.Input(node: id, role: role, type: nodes[id].type))
        places[id] = Place(nodes[id].type, space: space, offset: 0)
      case .constant(let storage):
        let type = nodes[id].type
        let scalar =
          type.shape.count == 1 && type.element == .float32
          ? storage.base.load(as: Float.self) : nil
        places[id] = Place(
          type, space: Plan.constantSpace, offset: constantByteCount, constant: scalar)
        constantBytes.append((storage, type, constantByteCount))
        constantByteCount += (type.byteCount + 63) / 64 * 64
      case .operation: break
      }
    }
  }

  func constantStorage() -> Storage {
    let block = Storage(byteCount: constantByteCount)
    for (storage, type, offset) in constantBytes {
      (block.base + offset).copyMemory(from: storage.base, byteCount: type.byteCount)
    }
    return block
  }

  // MARK: Lifetimes

  /// The values from outside that the instruction of `id` reads.
  private func reads(_ id: NodeID) -> [NodeID] {
    let members = fusion.members[id] ?? [id]
    let inside = Set(members)
    return members.flatMap { nodes[$0].operands }.filter { !inside.contains($0) }.map(owner(of:))
  }

  private mutating func findLastReads() {
    for (position, id) in schedule.enumerated() {
      for result in results(of: id) { lastRead[result] = position }
      for read in reads(id) { lastRead[read] = position }
    }
    for id in outputs + updates.map(\.value) { lastRead[owner(of: id)] = schedule.count }
  }

  private mutating func release(at position: Int) {
    for id in Set(reads(schedule[position]) + results(of: schedule[position]))
    where lastRead[id] == position {
      if let range = ranges.removeValue(forKey: id) { arena.release(range) }
    }
  }

  /// Updates whose new value can be written straight over the old one: nothing reads the old value
  /// later, and the instruction that makes the new one reads it at the same index only.
  private func updatesInPlace() -> [NodeID: NodeID] {
    let position = Dictionary(uniqueKeysWithValues: schedule.enumerated().map { ($1, $0) })
    let protected = Set(outputs.map(owner(of:)) + updates.map { owner(of: $0.value) })
    var result: [NodeID: NodeID] = [:]
    for update in updates where result[update.value] == nil {
      guard let root = fusion.root(of: update.value), let at = position[root],
        nodes[update.value].type == nodes[update.state].type, !protected.contains(update.state),
        (lastRead[update.state] ?? -1) <= at,
        readsDensely(root, update.state)
      else { continue }
      result[update.value] = update.state
    }
    return result
  }

  private func readsDensely(_ root: NodeID, _ state: NodeID) -> Bool {
    (fusion.members[root] ?? []).allSatisfy { member in
      nodes[member].operands.allSatisfy {
        owner(of: $0) != state || nodes[$0].type == fusion.space(root)
      }
    }
  }

  // MARK: Instructions

  private mutating func lower(_ id: NodeID) {
    program.label = label(id)
    program.layer = layer(id)
    guard let members = fusion.members[id] else {
      let site = LoweringSite(
        result: place(of: id), operands: nodes[id].operands.map { place(of: $0) })
      nodes[id].operation?.lower(site, into: &program)
      return
    }
    var chain = ElementwiseChain(shape: fusion.space(id).shape)
    var values: [NodeID: ElementwiseChain.ValueID] = [:]
    for member in members {
      let arguments = nodes[member].operands.map { values[$0] ?? chain.load(place(of: $0)) }
      guard let operation = nodes[member].elementwise else {
        chain.sum(arguments[0], to: place(of: member))
        continue
      }
      values[member] = chain.append(operation.microOperationCode, arguments)
    }
    for result in results(of: id) {
      if let value = values[result] { chain.store(value, to: place(of: result)) }
    }
    program.append(chain)
  }

  /// The path of the layer for which an instruction runs: that of its last node that has one.
  private func layer(_ id: NodeID) -> String {
    let scopes = (fusion.members[id] ?? [id]).map { nodes[$0].scope }
    return graph.path(ofScope: scopes.last { $0 != 0 } ?? 0).joined(separator: "/")
  }

  private func label(_ id: NodeID) -> String {
    let names = (fusion.members[id] ?? [id]).compactMap { nodes[$0].operation?.name }
    let operands = reads(id).map { nodes[$0].type.description }
    return "\(names.joined(separator: "+")) \(operands.joined(separator: " ")) -> \(nodes[id].type)"
  }

  /// Stores new values that were not computed in place.
  ///
  /// One that is itself the old value of a state is set aside first, since another copy may overwrite
  /// it.
  private mutating func copyUpdates(_ updates: [Plan.Update]) {
    let states = Set(updates.map { owner(of: $0.state) })
    let sources = updates.map { update in
      states.contains(owner(of: update.value))
        ? setAside(place(of: update.value)) : place(of: update.value)
    }
    for (update, source) in zip(updates, sources) { store(source, to: place(of: update.state)) }
  }

  private mutating func setAside(_ source: Place) -> Place {
    let range = arena.allocate(source.type.byteCount)
    let copy = Place(source.type, space: Plan.arenaSpace, offset: range.lowerBound)
    store(source, to: copy)
    return copy
  }

  private mutating func store(_ source: Place, to target: Place) {
    program.label = "store \(target.type)"
    program.layer = ""
    if let constant = source.constant {
      program.fill(target, with: constant)
    } else {
      let strides = target.type.shape.strides
      program.copy(
        to: target, strides: strides, from: source, strides: strides, shape: target.type.shape)
    }
  }
}
