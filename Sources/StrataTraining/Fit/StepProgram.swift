internal import StrataCore
internal import StrataTensor

/// What a compiled program does with a batch.
package enum StepMode: Hashable { case train, test, predict }

struct ProgramKey: Hashable {
  var mode: StepMode
  var batchSize: Int
  /// The ranks of the sample weights of each output: 1, or 2 for weights of time steps; 0 for none.
  var weightRanks: [Int]

  init(mode: StepMode, batchSize: Int, weightRanks: [Int]) {
    self.mode = mode
    self.batchSize = batchSize
    self.weightRanks = weightRanks
  }

  init(_ mode: StepMode, _ batch: FeedBatch) {
    self.mode = mode
    batchSize = batch.rows.count
    weightRanks = mode == .predict ? [] : batch.data.weights.map { $0?.rank ?? 0 }
  }

  /// Whether this is the key of that batch.
  func fits(_ mode: StepMode, _ batch: FeedBatch) -> Bool {
    guard self.mode == mode, batchSize == batch.rows.count else { return false }
    guard mode != .predict else { return true }
    let weights = batch.data.weights
    guard weightRanks.count == weights.count else { return false }
    return weightRanks.indices.allSatisfy { weightRanks[$0] == weights[$0]?.rank ?? 0 }
  }
}

/// A step compiled for one batch size: staged inputs, state bound in place, results to read.
///
/// A step allocates nothing: staging buffers and results are made once.
final class StepProgram {
  /// A staging buffer; none where the program does not read the input.
  private struct Slot {
    var storage: Storage
    var type: TensorType
    var rowBytes: Int
  }

  let key: ProgramKey
  private let session: Session
  private var inputs: [Slot?]
  private var targets: [Slot?]
  private var weights: [Slot?]
  private var learningRate: Storage?
  private var step: Storage?
  private var draws: [(draw: RandomDraw, storage: Storage, count: Int)] = []
  /// The scalar results of the last run.
  private(set) var scalars: [Float]

  init(_ plan: Plan, key: ProgramKey, state: [String: Storage]) {
    self.key = key
    session = Session(plan)
    scalars = plan.outputs.map { _ in .nan }
    var arguments: [String: Slot] = [:]
    for (index, input) in plan.inputs.enumerated() {
      switch input.role {
      case .state(let name):
        if let storage = state[name] { session.bind(index, to: storage) }
      case .argument(let name):
        let storage = Storage(byteCount: input.type.byteCount)
        arguments[name] = Slot(
          storage: storage, type: input.type,
          rowBytes: input.type.shape.droppingFirst().count * 4)
        session.bind(index, to: storage)
      case .random(let draw):
        let storage = Storage(byteCount: input.type.byteCount)
        draws.append((draw, storage, input.type.shape.count))
        session.bind(index, to: storage)
      }
    }
    func slots(_ letter: Character) -> [Slot?] {
      let numbers = arguments.keys.filter { $0.first == letter }.compactMap { Int($0.dropFirst()) }
      return (0..<((numbers.max() ?? -1) + 1)).map { arguments["\(letter)\($0)"] }
    }
    (inputs, targets, weights) = (slots("x"), slots("y"), slots("w"))
    (learningRate, step) = (arguments["learningRate"]?.storage, arguments["step"]?.storage)
  }

  /// Copies a batch into the inputs; what the program does not read is passed over.
  func stage(_ batch: FeedBatch) throws {
    for index in inputs.indices {
      try stage(batch.data.inputs[index], to: inputs[index], rows: batch.rows)
    }
    for index in targets.indices {
      try stage(batch.data.targets[index], to: targets[index], rows: batch.rows)
    }
    for index in weights.indices {
      guard let tensor = batch.data.weights[index] else { continue }
      try stage(tensor, to: weights[index], rows: batch.rows)
    }
  }

  private func stage(_ tensor: Tensor, to slot: Slot?, rows: ArraySlice<Int>) throws {
    guard let slot else { return }
    let source = try tensor.storage(of: slot.type.element)
    var position = rows.startIndex
    while position < rows.endIndex {
      // Rows that follow one another are one copy.
      var end = position + 1
      while end < rows.endIndex, rows[end] == rows[end - 1] + 1 { end += 1 }
      let target = slot.storage.base + (position - rows.startIndex) * slot.rowBytes
      target.copyMemory(
        from: source.base + rows[position] * slot.rowBytes,
        byteCount: (end - position) * slot.rowBytes)
      position = end
    }
  }

  func stage(learningRate rate: Float, step number: Float) {
    learningRate?.base.storeBytes(of: rate, as: Float.self)
    step?.base.storeBytes(of: number, as: Float.self)
  }

  /// The inputs of the last run, and state as that run left it.
  var inputValues: [(input: Plan.Input, storage: Storage)] { session.boundInputs }

  /// Draws what is random and runs; a profiler is told how long each operation took.
  func run(_ random: inout ModelRandom, _ profiler: Profiler? = nil) {
    for (draw, storage, count) in draws {
      let target = storage.base.assumingMemoryBound(to: Float.self)
      random.fill(draw, UnsafeMutableBufferPointer(start: target, count: count))
    }
    session.run(profiler?.profile(of: key, session.plan))
  }

  func readScalars() {
    for index in scalars.indices {
      scalars[index] = session.pointer(to: index)?.load(as: Float.self) ?? .nan
    }
  }

  /// Copies a result, whose first axis is that of the samples, into a larger one from `row` on.
  func copyOutput(_ index: Int, to target: Storage, row: Int) {
    let bytes = session.plan.outputs[index].type.byteCount
    guard let source = session.pointer(to: index), bytes > 0 else { return }
    (target.base + row * (bytes / key.batchSize)).copyMemory(from: source, byteCount: bytes)
  }
}
