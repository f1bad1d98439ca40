import StrataCore
import StrataTensor
import StrataTraining

/// One step of a model as a graph, with values for all of its inputs.
struct TracedStepRun {
  let step: TracedStep
  /// The values of each input of the graph.
  var values: [NodeID: [Float]] = [:]
  /// The state inputs by name.
  private(set) var states: [String: NodeID] = [:]
  /// Indices of outputs: results first, then new values of states.
  var outputs: [NodeID] { step.outputs + step.updates.map(\.value) }

  init(_ model: Model, _ data: Dataset, isTraining: Bool = true) throws {
    step = model.tracedStep(isTraining ? .train : .test, batchSize: data.count)
    let weights = Dictionary(uniqueKeysWithValues: model.weights.map { ($0.path, $0.value) })
    var random = Philox(seed: 5, name: "draws")
    for (id, node) in step.graph.nodes.enumerated() {
      guard case .input(let role) = node.kind else { continue }
      let count = node.type.shape.count
      switch role {
      case .state(let name):
        states[name] = id
        values[id] = try weights[name]?.floats() ?? [Float](repeating: 0, count: count)
      case .random(let draw):
        guard case .bernoulli(let keep) = draw.distribution else { continue }
        values[id] = random.bernoulli(probability: keep, count: count)
      case .argument(let name):
        let index = Int(name.dropFirst())
        switch (name.first, index) {
        case ("x", let index?): values[id] = try data.inputs[index].floats()
        case ("y", let index?): values[id] = try data.targets[index].floats()
        case ("l", _): values[id] = [1]
        default: values[id] = [1]
        }
      }
    }
  }

  func reference<S: Scalar>(_ type: S.Type, _ changed: [NodeID: [S]] = [:]) -> [[S]] {
    var inputs: [NodeID: ReferenceBuffer<S>] = [:]
    for (id, floats) in values {
      let shape = step.graph.type(of: id).shape
      inputs[id] = ReferenceBuffer(shape, .real(changed[id] ?? floats.map { S($0) }))
    }
    return ReferenceExecutor<S>().run(step.graph, inputs: inputs, outputs: outputs).map(\.reals)
  }

  /// Results and new states by the native executor.
  func native() throws -> [[Float]] {
    let plan = try Plan(step.graph, outputs: step.outputs, updates: step.updates)
    let session = Session(plan)
    var bound: [NodeID: Storage] = [:]
    for (index, input) in plan.inputs.enumerated() {
      let storage = Storage(values[input.node] ?? [])
      bound[input.node] = storage
      session.bind(index, to: storage)
    }
    session.run()
    let results = try step.outputs.indices.map { try session.output($0).floats() }
    let states = step.updates.map { update in
      bound[update.state]?.array(
        of: Float.self, count: step.graph.type(of: update.state).shape.count) ?? []
    }
    return results + states
  }
}
