internal import StrataCore
internal import StrataSemantics
internal import StrataTensor

/// The forward pass of a model with a copy of its weights.
struct FrozenForward: Sendable {
  /// The shapes of one sample.
  let inputs: [Shape]
  let outputs: [Shape]
  private let architecture: Architecture
  private let unsupportedMask: UnsupportedMask
  /// Parameters whose storage nobody writes.
  private let parameters: [Model.Parameter]

  init(_ model: Model) {
    architecture = model.architecture
    unsupportedMask = UnsupportedMask.history.value(under: model.semantics)
    inputs = architecture.inputs.map(\.shape)
    outputs = model.outputShapes
    parameters = model.parameters.map { parameter in
      Model.Parameter(
        path: parameter.path, node: parameter.node, spec: parameter.spec,
        storage: Storage(
          parameter.storage.array(of: Float.self, count: parameter.spec.shape.count)),
        isTrainable: parameter.isTrainable)
    }
  }

  /// Traces and plans the pass for a number of samples.
  ///
  /// - Throws: the first `OperationError` of the trace.
  func plan(rows: Int) throws -> FrozenPlan {
    let graph = Graph()
    let states = parameters.map { graph.input(TensorType($0.spec.shape), .state($0.path)) }
    let arguments = inputs.enumerated().map { index, shape in
      graph.input(TensorType(shape.batched(rows)), .argument("x\(index)"))
    }
    let forward = ForwardTrace(
      architecture, graph: graph, inputs: arguments, parameters: .init(parameters, states),
      isTraining: false, unsupportedMask: unsupportedMask)
    let plan = try Plan(graph, outputs: forward.outputs.map(graph.node(for:)))
    let storages = Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.storage) })
    var frozen = FrozenPlan(plan: plan, arguments: inputs.map { _ in nil })
    for (index, input) in plan.inputs.enumerated() {
      switch input.role {
      case .state(let path): frozen.states.append((index, storages[path]))
      case .argument(let name): frozen.arguments[Int(name.dropFirst()) ?? 0] = index
      case .random(let draw):
        throw OperationError(
          operation: draw.stream, reason: "no random numbers in inference", found: "a draw")
      }
    }
    return frozen
  }

  /// The input as the plan reads it.
  func fitted(_ tensor: Tensor, _ index: Int, _ count: Int?) throws -> Tensor {
    let shape = tensor.shape
    if case .concrete = tensor.value, tensor.element == .float32,
      shape.rank == inputs[index].rank + 1, count ?? shape[0] == shape[0],
      shape.dimensions.dropFirst().elementsEqual(inputs[index].dimensions)
    {
      return tensor
    }
    let owner = architecture.inputs[index].name ?? "input \(index)"
    return try Model.fitted(
      tensor, inputs[index], count ?? shape.dimensions.first ?? 0, owner)
  }
}

/// A plan with what stays bound to it.
struct FrozenPlan: Sendable {
  let plan: Plan
  /// Inputs of the plan with their weights.
  var states: [(input: Int, storage: Storage?)] = []
  /// For each input of the model, that of the plan; nil where it is not read.
  var arguments: [Int?]

  init(plan: Plan, arguments: [Int?]) {
    self.plan = plan
    self.arguments = arguments
  }
}

/// A session with its weights bound: used by one call at a time.
final class Workspace: @unchecked Sendable {
  // Sendable: the pool hands it to one call at a time, under its lock.
  let session: Session
  let rows: Int
  private let arguments: [Int?]
  /// Bytes of one sample of each input and output.
  private let inputBytes: [Int]
  private let outputBytes: [Int]

  init(_ frozen: FrozenPlan, rows: Int, _ forward: FrozenForward) {
    session = Session(frozen.plan)
    self.rows = rows
    arguments = frozen.arguments
    inputBytes = forward.inputs.map { $0.count * 4 }
    outputBytes = forward.outputs.map { $0.count * 4 }
    for (input, storage) in frozen.states {
      if let storage { session.bind(input, to: storage) }
    }
  }

  /// Runs on `rows` samples from `start` on, read where they lie.
  func run(_ inputs: [Tensor], from start: Int) throws {
    for index in inputs.indices {
      guard let argument = arguments[index] else { continue }
      let storage = try inputs[index].storage(of: .float32)
      session.bind(argument, to: storage, offset: start * inputBytes[index] / 4)
    }
    session.run()
  }

  /// Lets go of the inputs.
  func release() {
    for case let argument? in arguments { session.unbind(argument) }
  }

  /// Copies output `index` to its place from sample `start` on.
  func store(_ index: Int, to target: Storage, from start: Int) {
    guard let source = session.pointer(to: index) else { return }
    (target.base + start * outputBytes[index]).copyMemory(
      from: source, byteCount: rows * outputBytes[index])
  }
}

/// Plans by the number of samples, the latest few, and workspaces that nobody uses.
struct WorkspacePool {
  private struct Entry {
    var rows: Int
    var plan: FrozenPlan
    var idle: [Workspace] = []
  }
  private var entries: [Entry] = []
  private static let capacity = 8

  private func position(_ rows: Int) -> Int? { entries.firstIndex { $0.rows == rows } }

  func plan(_ rows: Int) -> FrozenPlan? { position(rows).map { entries[$0].plan } }

  mutating func take(_ rows: Int) -> Workspace? {
    position(rows).flatMap { entries[$0].idle.popLast() }
  }

  mutating func give(_ workspace: Workspace) {
    if let index = position(workspace.rows) { entries[index].idle.append(workspace) }
  }

  mutating func add(_ plan: FrozenPlan, _ rows: Int) {
    guard position(rows) == nil else { return }
    if entries.count == Self.capacity { entries.removeFirst() }
    entries.append(Entry(rows: rows, plan: plan))
  }
}
