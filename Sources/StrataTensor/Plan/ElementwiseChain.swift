internal import CStrataKernels

/// A chain of elementwise operations over one index space, in single-assignment form.
package struct ElementwiseChain {
  /// Marks an operation that only passes its operand on.
  package static let copyCode: Int32 = -1
  static let registerCount = Int(STRATA_MAX_REGISTERS)

  package typealias ValueID = Int
  enum Source { case load(Int), constant(Float), operation(Int32, [ValueID]) }

  package let shape: Shape
  private var values: [Source] = []
  private var operands: [Place] = []
  private var stores: [(value: ValueID, operand: Int)] = []
  private var sums: [(value: ValueID, operand: Int)] = []

  package init(shape: Shape) { self.shape = shape }

  /// A value read from a place.
  ///
  /// Load it anew for each use: that keeps its register's life short.
  package mutating func load(_ place: Place) -> ValueID {
    if let constant = place.constant {
      values.append(.constant(constant))
      return values.count - 1
    }
    let operand = operands.firstIndex(of: place) ?? operands.count
    if operand == operands.count { operands.append(place) }
    values.append(.load(operand))
    return values.count - 1
  }

  package mutating func append(_ code: Int32, _ arguments: [ValueID]) -> ValueID {
    if code == Self.copyCode { return arguments[0] }
    values.append(.operation(code, arguments))
    return values.count - 1
  }

  package mutating func store(_ value: ValueID, to place: Place) {
    operands.append(place)
    stores.append((value, operands.count - 1))
  }

  /// Stores the sum over all rows, a row having as many values as the place.
  package mutating func sum(_ value: ValueID, to place: Place) {
    operands.append(place)
    sums.append((value, operands.count - 1))
  }

  // MARK: Emission

  struct Emission {
    var words: [Int32] = []
    var dims: [Int] = []
    var operands: [(place: Place, strides: [Int])] = []
  }

  func emit() -> Emission {
    let summed = Set(sums.map(\.operand))
    let space = IndexSpace(
      shape,
      operands.enumerated().map { index, place in
        summed.contains(index) ? shape.strides : place.type.shape.strides(broadcastTo: shape)
      })
    var emission = Emission(
      dims: space.dims, operands: zip(operands, space.strides).map { ($0, $1) })
    let storeTimes = stores.map(time(ofStore:))
    let registers = assignRegisters(storeTimes)
    for (id, value) in values.enumerated() {
      emission.words += words(id, value, registers)
      for (store, time) in zip(stores, storeTimes) where time == id {
        emission.words += [
          Int32(STRATA_EW_STORE.rawValue), Int32(store.operand), registers[store.value], 0, 0,
        ]
      }
      for sum in sums where sum.value == id {
        emission.words += [
          Int32(STRATA_EW_SUM.rawValue), Int32(sum.operand), registers[id],
          Int32(operands[sum.operand].type.shape.count), 0,
        ]
      }
    }
    return emission
  }

  /// A store follows its value at once, which ends the value's life early; but not before the last
  /// load from the same memory, so that a value can be written over an old one that is still read.
  private func time(ofStore store: (value: ValueID, operand: Int)) -> ValueID {
    let target = operands[store.operand]
    let lastLoad = values.lastIndex { value in
      guard case .load(let operand) = value else { return false }
      return operands[operand].space == target.space && operands[operand].offset == target.offset
    }
    return max(store.value, lastLoad ?? 0)
  }

  private func words(_ id: ValueID, _ value: Source, _ registers: [Int32]) -> [Int32] {
    switch value {
    case .load(let operand):
      return [Int32(STRATA_EW_LOAD.rawValue), registers[id], Int32(operand), 0, 0]
    case .constant(let constant):
      let bits = Int32(bitPattern: constant.bitPattern)
      return [Int32(STRATA_EW_CONST.rawValue), registers[id], bits, 0, 0]
    case .operation(let code, let arguments):
      var word = [code, registers[id]] + arguments.map { registers[$0] }
      while word.count < 5 { word.append(0) }
      return word
    }
  }

  /// A register for each value by a linear scan.
  private func assignRegisters(_ storeTimes: [ValueID]) -> [Int32] {
    var lastUse = Array(values.indices)
    for (store, time) in zip(stores, storeTimes) { lastUse[store.value] = time }
    for (id, value) in values.enumerated() {
      if case .operation(_, let arguments) = value {
        for a in arguments { lastUse[a] = max(lastUse[a], id) }
      }
    }
    var free = Array((0..<Int32(Self.registerCount)).reversed())
    var registers = [Int32](repeating: 0, count: values.count)
    var dying = [[ValueID]](repeating: [], count: values.count)
    for id in values.indices { dying[lastUse[id]].append(id) }
    for id in values.indices {
      guard let register = free.popLast() else {
        preconditionFailure("elementwise chain: more values at once than registers; see Fusion.")
      }
      registers[id] = register
      free += dying[id].map { registers[$0] }
    }
    return registers
  }
}
