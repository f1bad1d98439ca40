internal import StrataCore
internal import StrataHDF5
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// The `optimizer_weights` of a release: which arrays, in which order.
struct OptimizerStateCodec {
  var semantics: Semantics
  var notes: NoteList

  private var version: Version { semantics.position(for: "file.optimizerWeights") }

  /// Keras 1.0 to 2.0.5 sorts the parameters by the names of their variables, byte by byte.
  private var sortsByName: Bool { version >= "1.0.0" && version < "2.0.6" }

  /// The trained parameters in the order of the file.
  func parameters(of model: Model) -> [Int] {
    let layout = WeightLayout(dialect: KerasDialect(semantics))
    let weights = layout.weights(of: model)
    let names = Dictionary(
      uniqueKeysWithValues: weights.enumerated().flatMap { node, weights in
        weights.map {
          ($0.parameter, layout.variable($0, layer: model.architecture.nodes[node].name ?? ""))
        }
      })
    var trained = weights.flatMap { $0.map(\.parameter) }
    if sortsByName {
      trained.sort {
        (names[$0] ?? "").utf8.lexicographicallyPrecedes((names[$1] ?? "").utf8)
      }
    }
    return trained.filter { model.parameters[$0].isTrainable }
  }

  /// How the slots of several parameters follow each other.
  private enum Sequence: CaseIterable {
    /// All of one slot, then all of the next.
    case bySlot
    /// All of one parameter, then all of the next (most rules since 2.11.0).
    case byParameter
    /// By parameter, but the maxima of amsgrad at the end.
    case byParameterMaximaLast
  }

  private func sequences(_ model: Model) -> [Sequence] {
    let name = model.compiled?.optimizer.name ?? ""
    guard version >= "2.11.0" else {
      return name == "ftrl" ? [.byParameter, .bySlot] : [.bySlot]
    }
    return ["rmsprop", "nadam"].contains(name)
      ? [.bySlot, .byParameter] : [.byParameter, .byParameterMaximaLast, .bySlot]
  }

  /// The slots of the model in the order of the file.
  private func slots(_ model: Model, _ sequence: Sequence = .bySlot) -> [OptimizerMemory.Slot] {
    guard let memory = model.optimizerState, let rule = model.compiled?.optimizer.rule else {
      return []
    }
    let parameters = parameters(of: model)
    func byParameter(_ names: [String]) -> [OptimizerMemory.Slot] {
      parameters.flatMap { parameter in names.compactMap { memory.slot($0, of: parameter) } }
    }
    let names = rule.slots.map(\.name)
    return composed.flatMap { byParameter([$0]) } + ordered(names, sequence, byParameter)
  }

  /// Averages, then sums of gradients: what Keras since 2.11 keeps before the rule's own slots.
  private var composed: [String] {
    version < "2.11.0" ? [] : [Optimizer.averageSlot, Optimizer.accumulatorSlot]
  }

  private func ordered(
    _ names: [String], _ sequence: Sequence, _ byParameter: ([String]) -> [OptimizerMemory.Slot]
  ) -> [OptimizerMemory.Slot] {
    switch sequence {
    case .bySlot: names.flatMap { byParameter([$0]) }
    case .byParameter: byParameter(names)
    case .byParameterMaximaLast:
      byParameter(names.filter { $0 != "vhat" }) + byParameter(names.filter { $0 == "vhat" })
    }
  }

  /// The slots in the order that agrees with the shapes in a file, else in the usual order.
  func slots(_ model: Model, fitting shapes: [[Int]]) -> [OptimizerMemory.Slot] {
    let candidates = sequences(model).map { slots(model, $0) }
    return candidates.first { $0.map(\.shape.dimensions) == shapes } ?? candidates.first ?? []
  }

  // MARK: Reading

  /// The arrays of a file's state, in order; nil if it holds none.
  func arrays(_ root: HDF5Group) throws -> [HDF5Dataset]? {
    if try root.exists("optimizer/vars") {
      return try ObjectPaths.numbered(try root.group("optimizer/vars"))
    }
    guard try root.exists("optimizer_weights") else { return nil }
    let group = try root.group("optimizer_weights")
    guard let names = try WeightsReader.names("weight_names", group.attributes) else {
      throw KerasFileError(
        subject: "optimizer_weights", expected: "the attribute weight_names", found: "none")
    }
    return try names.map { try group.dataset($0) }
  }

  /// The states of an optimizer's parts, then of its own rule: each a counter, a rate, and slots.
  private func readParts(
    _ found: [HDF5Dataset], _ optimizer: Optimizer, into model: Model
  ) throws {
    guard let memory = model.optimizerState else { return }
    try readHead(Array(found.prefix(2)), model)
    var rest = found.dropFirst(2)
    let owners = try parameters(of: model).map { parameter in
      (parameter, try optimizer.part(of: model.parameters[parameter].path, in: model.keptName))
    }
    for part in optimizer.parts.indices.map(Optional.some) + [nil] {
      let own = owners.filter { $0.1 == part }.map(\.0)
      let names = optimizer.optimizer(of: part).slots.map(\.name)
      func byParameter(_ names: [String]) -> [OptimizerMemory.Slot] {
        own.flatMap { parameter in names.compactMap { memory.slot($0, of: parameter) } }
      }
      let candidates = Sequence.allCases.map { ordered(names, $0, byParameter) }
      let count = candidates[0].count
      let arrays = rest.dropFirst(2).prefix(count)
      guard arrays.count == count,
        let slots = candidates.first(where: {
          $0.map(\.shape.dimensions) == arrays.map(\.shape)
        })
      else {
        throw KerasFileError(
          subject: "optimizer_weights", expected: "\(count) slots of each part",
          found: "\(arrays.map(\.shape))")
      }
      for (slot, array) in zip(slots, arrays) {
        try slot.storage.read(array, count: slot.shape.count)
      }
      rest = rest.dropFirst(2 + count + optimizer.optimizer(of: part).rule.globals.count)
    }
  }

  func read(_ found: [HDF5Dataset], into model: Model) throws {
    if let optimizer = model.compiled?.optimizer, !optimizer.parts.isEmpty {
      return try readParts(found, optimizer, into: model)
    }
    var arrays = found
    if version >= "3.0.0", model.compiled?.optimizer.name == "adafactor" {
      // Scalars stand for what a vector's rule does not keep.
      arrays = found.prefix(2) + found.dropFirst(2).filter { !$0.shape.isEmpty }
    }
    let rule = model.compiled?.optimizer.rule
    let count = slots(model).count
    // Keras 2.1.3 to 2.3: Adam's vhat without amsgrad, of length 1.
    while version < "2.4.0", arrays.count > count + 1, arrays.last?.shape == [1] {
      arrays.removeLast()
    }
    // Keras 3 has them after the slots.
    var tail: [HDF5Dataset] = []
    if version >= "3.0.0" {
      while tail.count < rule?.globals.count ?? 0, arrays.count > count + 1,
        let last = arrays.last, last.shape.isEmpty
      {
        tail.insert(arrays.removeLast(), at: 0)
      }
    }
    guard arrays.count >= count else {
      throw KerasFileError(
        subject: "optimizer_weights", expected: "\(count) arrays or more",
        found: "\(arrays.count)")
    }
    let head = arrays.prefix(arrays.count - count)
    try store(Array(arrays.dropFirst(head.count)), model)
    try readHead(Array(head) + tail, model)
    let globals = rule?.globals ?? []
    if head.count + tail.count < 1 + globals.count {
      let missing = (head.isEmpty ? ["iterations"] : []) + globals.map(\.name)
      let isCounting = model.compiled?.optimizer.countsSteps == true
      if isCounting || !globals.isEmpty {
        notes.add(
          .missing, "optimizer",
          "the file does not hold \(missing.joined(separator: ", ")); it starts anew")
      }
    }
  }

  private var isSecond: Bool { version >= "3.0.0" }

  private func readHead(_ head: [HDF5Dataset], _ model: Model) throws {
    guard let first = head.first else { return }
    let count = try first.read(as: Double.self).first ?? 0
    guard let iterations = Int(exactly: count.rounded()), iterations >= 0 else {
      throw KerasFileError(
        subject: "optimizer", expected: "a number of steps of 0 or more", found: "\(count)")
    }
    model.optimizerState?.iterations = iterations
    for (index, array) in head.enumerated().dropFirst() {
      let name = array.path.split(separator: "/").last ?? ""
      let values = try array.read(as: Float.self)
      // Known by number only, Keras 3 has the rate second.
      let isRate = Int(name) == nil ? name.contains("learning_rate") : index == 1 && isSecond
      if isRate, let rate = values.first {
        model.optimizerState?.learningRate = rate
      } else if let spec = model.compiled?.optimizer.rule.globals.first,
        let slot = model.optimizerState?.slot(spec.name, of: nil), values.count == 1
      {
        slot.storage.store(values)
      }
    }
  }

  private func store(_ arrays: [HDF5Dataset], _ model: Model) throws {
    for (array, slot) in zip(arrays, slots(model, fitting: arrays.map(\.shape))) {
      guard array.shape == slot.shape.dimensions else {
        let path = slot.parameter.map { model.parameters[$0].path } ?? "optimizer"
        throw KerasFileError(
          subject: array.path, expected: "shape \(slot.shape) for \(slot.name) of \(path)",
          found: "\(array.shape)")
      }
      try slot.storage.read(array, count: slot.shape.count)
    }
  }

  // MARK: Writing

  /// Writes the state as the release does; nothing if it keeps none.
  func write(_ model: Model, to root: HDF5Group) throws {
    guard let memory = model.optimizerState, let optimizer = model.compiled?.optimizer else {
      return
    }
    let slots = self.slots(model)
    let counts = ["SGD", "Adam", "Adamax", "Nadam"].contains(type(of: optimizer.rule).className)
    guard counts || !slots.isEmpty else { return }
    let group = try root.createGroup("optimizer_weights")
    let names = (0..<(slots.count + (counts ? 1 : 0))).map { "param_\($0)" }
    try group.attributes.set("weight_names", to: names, as: .bytes(fitting: names))
    var next = 0
    if counts {
      let iterations = optimizer.countsSteps ? Float(memory.iterations) : 0
      try group.createDataset(names[0], [iterations], shape: [])
      next = 1
    }
    for (slot, name) in zip(slots, names[next...]) {
      let values = slot.storage.array(of: Float.self, count: slot.shape.count)
      try group.createDataset(name, values, shape: slot.shape.dimensions)
    }
    let lost =
      (counts || memory.iterations == 0 || !optimizer.countsSteps ? [] : ["iterations"])
      + optimizer.rule.globals.map(\.name)
    if !lost.isEmpty {
      notes.add(
        .lost, "optimizer",
        "Keras \(semantics.version) does not save \(lost.joined(separator: ", "))")
    }
  }
}
