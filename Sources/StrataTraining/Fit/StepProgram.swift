internal import StrataCore
internal import StrataTensor

/// What a compiled program does with a batch.
package enum StepMode: Hashable { case train, test, predict }

struct ProgramKey: Hashable {
  var mode: StepMode
  var batchSize: Int
  /// The ranks of the sample weights of each output: 1, or 2 for weights of time steps; 0 for none.
  var weightRanks: [Int]
}

/// A step compiled for one batch size: staged inputs, state bound in place, results to read.
final class StepProgram {
  private let session: Session
  /// Staging buffers of the inputs by name: `x0`, `y0`, `w0`, `learningRate`, `step`.
  private var staging: [String: (storage: Storage, type: TensorType)] = [:]
  private var draws: [(draw: RandomDraw, storage: Storage, count: Int)] = []
  let outputCount: Int

  init(_ plan: Plan, state: [String: Storage]) {
    session = Session(plan)
    outputCount = plan.outputs.count
    for (index, input) in plan.inputs.enumerated() {
      switch input.role {
      case .state(let name):
        if let storage = state[name] { session.bind(index, to: storage) }
      case .argument(let name):
        let storage = Storage(byteCount: input.type.byteCount)
        staging[name] = (storage, input.type)
        session.bind(index, to: storage)
      case .random(let draw):
        let storage = Storage(byteCount: input.type.byteCount)
        draws.append((draw, storage, input.type.shape.count))
        session.bind(index, to: storage)
      }
    }
  }

  /// Copies rows of `tensor` into an input; an input that the program does not read is passed over.
  func stage(_ name: String, _ tensor: Tensor, rows: ArraySlice<Int>) throws {
    guard let (storage, type) = staging[name] else { return }
    let source = try tensor.storage(of: type.element)
    let rowBytes = type.shape.droppingFirst().count * 4
    for (position, row) in rows.enumerated() {
      (storage.base + position * rowBytes).copyMemory(
        from: source.base + row * rowBytes, byteCount: rowBytes)
    }
  }

  func stage(_ name: String, scalar: Float) {
    staging[name]?.storage.base.storeBytes(of: scalar, as: Float.self)
  }

  func run(_ random: inout ModelRandom) {
    for (draw, storage, count) in draws {
      storage.store(random.values(draw, count: count))
    }
    session.run()
  }

  /// The scalar results.
  func scalars() -> [Float] {
    (0..<outputCount).map { session.pointer(to: $0)?.load(as: Float.self) ?? .nan }
  }

  func output(_ index: Int) -> Tensor { session.output(index) }
}
