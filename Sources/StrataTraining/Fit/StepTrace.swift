internal import StrataCore
internal import StrataLayers
internal import StrataLosses
internal import StrataSemantics
package import StrataTensor

/// Traces a step of a model: forward, loss, backward, update, metrics.
struct StepTrace {
  let model: Model
  let key: ProgramKey
  let graph = Graph()
  private let parameters: [Tensor]

  init(_ model: Model, _ key: ProgramKey) {
    self.model = model
    self.key = key
    let graph = self.graph
    parameters = model.parameters.map { graph.input(TensorType($0.spec.shape), .state($0.path)) }
  }

  /// Traces the step: its results in the order of `logKeys` (or the outputs), then the results of
  /// running sums in the order of the metrics, and its updates.
  func trace() -> TracedStep {
    let forward = forward()
    guard key.mode != .predict, let settings = model.compiled else {
      return TracedStep(graph: graph, outputs: forward.outputs.map(graph.node(for:)), updates: [])
    }
    let targets = targets(settings)
    let weights = forward.outputs.indices.map(weights)
    let losses = losses(forward, targets, weights, settings)
    let total = total(losses, forward, settings)
    let metrics = metrics(forward, targets, weights, settings)
    let results = [total] + (settings.reportsOutputLosses ? losses : []) + metrics.values
    for (key, result) in zip(model.logKeys, results) where result.shape != [] {
      refuse(key, "a scalar", result)
    }
    let outputs = (results + metrics.results).map(graph.node(for:))
    let sums = metrics.sums.map { pair($0.old, $0.new) }
    guard key.mode == .train, let memory = model.optimizerState else {
      return TracedStep(graph: graph, outputs: outputs, updates: sums)
    }
    let updates = update(total, forward, settings, memory) + statistics(forward) + sums
    return TracedStep(graph: graph, outputs: outputs, updates: updates)
  }

  private func forward() -> ForwardTrace {
    let inputs = model.architecture.inputs.enumerated().map { index, input in
      graph.input(TensorType(input.shape.batched(key.batchSize)), .argument("x\(index)"))
    }
    return ForwardTrace(
      model.architecture, graph: graph, inputs: inputs,
      parameters: .init(model.parameters, parameters), isTraining: key.mode == .train,
      unsupportedMask: UnsupportedMask.history.value(under: model.semantics))
  }

  // MARK: Loss

  private func targets(_ settings: CompiledSettings) -> [Tensor] {
    zip(settings.losses, model.outputShapes).enumerated().map { index, output in
      let shape = output.0.targetShape(for: output.1)
      return graph.input(TensorType(shape.batched(key.batchSize)), .argument("y\(index)"))
    }
  }

  /// The score of an output; from what went into its activation where the release sees through it.
  private func score(
    _ index: Int, _ forward: ForwardTrace, _ target: Tensor, _ settings: CompiledSettings
  ) -> Tensor {
    let loss = settings.losses[index]
    if let loss = loss as? any LogitsLoss, !loss.fromLogits,
      let end = forward.preActivations[index],
      settings.logitsRecovery.sees(through: end, loss: loss)
    {
      return loss.perSample(target: target, logits: end.value)
    }
    return loss.perSample(target: target, prediction: forward.outputs[index])
  }

  private func losses(
    _ forward: ForwardTrace, _ targets: [Tensor], _ weights: [Tensor?],
    _ settings: CompiledSettings
  ) -> [Tensor] {
    forward.outputs.indices.map { index in
      let score = score(index, forward, targets[index], settings)
      let own = settings.losses[index].scoreMask(
        target: targets[index], prediction: forward.outputs[index])
      let masks = [forward.outputMasks[index], own].compactMap(\.self)
      return settings.reduction.reduce(
        score: score, weights: weights[index],
        mask: masks.first.map { masks.dropFirst().reduce($0, *) })
    }
  }

  /// The weights of samples, `[batch]`, or of time steps, `[batch, time]`.
  private func weights(_ output: Int) -> Tensor? {
    guard key.weightRanks[output] > 0 else { return nil }
    let steps = model.outputShapes[output].dimensions.prefix(key.weightRanks[output] - 1)
    return graph.input(
      TensorType(Shape(Array(steps)).batched(key.batchSize)), .argument("w\(output)"))
  }

  private func total(
    _ losses: [Tensor], _ forward: ForwardTrace, _ settings: CompiledSettings
  ) -> Tensor {
    var total =
      zip(losses, settings.lossWeights).map { loss, weight in
        weight == 1 ? loss : loss * weight
      }.reduce(nil) { (sum: Tensor?, loss) in sum.map { $0 + loss } ?? loss } ?? 0
    guard key.mode == .train || settings.penalizesValidation else { return total }
    for penalty in penalties(forward, settings) { total = total + penalty }
    return total
  }

  /// Penalties in the order of the layers: on weights, then on the layer's output.
  private func penalties(_ forward: ForwardTrace, _ settings: CompiledSettings) -> [Tensor] {
    model.architecture.nodes.indices.flatMap { node -> [Tensor] in
      let isTrained = model.architecture.nodes[node].layer.isTrainable
      guard isTrained || settings.penalizesFrozenLayers else { return [] }
      let onWeights = zip(model.parameters, parameters).compactMap { parameter, tensor in
        parameter.node == node ? parameter.spec.regularizer?.penalty(on: tensor) : nil
      }
      let own = forward.penalties.filter { $0.node == node }.map(\.value)
      return onWeights + activityPenalties(node, forward, settings) + own
    }
  }

  private func activityPenalties(
    _ node: Int, _ forward: ForwardTrace, _ settings: CompiledSettings
  ) -> [Tensor] {
    guard let regularizer = model.architecture.nodes[node].layer.activityRegularizer else {
      return []
    }
    return model.architecture.calls.indices.filter { model.architecture.calls[$0].node == node }
      .map { regularizer.penalty(onOutput: forward.values[$0], settings.activityPenalty) }
  }

  /// Keeps an error for a result of the wrong shape, unless its operation failed before.
  private func refuse(_ owner: String, _ expected: String, _ found: Tensor) {
    _ = graph.node(for: found)
    graph.record(OperationError(operation: owner, reason: expected, found: "\(found.type)"))
  }

  // MARK: Update

  private func update(
    _ loss: Tensor, _ forward: ForwardTrace, _ settings: CompiledSettings,
    _ memory: OptimizerMemory
  ) -> [Plan.Update] {
    let trained = model.parameters.indices.filter { model.parameters[$0].isTrainable }
    let rewritten = Dictionary(forward.updates.map { ($0.parameter, $0.value) }) { $1 }
    let values = trained.map { rewritten[$0] ?? parameters[$0] }
    let slotInputs = memory.slots.map { slot in
      graph.input(TensorType(slot.shape), .state(Model.stateName(slot, in: model.parameters)))
    }
    func slots(of parameter: Int?) -> [String: Tensor] {
      var result: [String: Tensor] = [:]
      for (slot, tensor) in zip(memory.slots, slotInputs) where slot.parameter == parameter {
        result[slot.name] = tensor
      }
      return result
    }
    let gradients = Gradient.of(loss, withRespectTo: values)
    let inputs = trained.indices.map { index in
      let path = model.parameters[trained[index]].path
      let part = (try? settings.optimizer.part(of: path, in: model.keptName)) ?? nil
      return OptimizerInput.Parameter(
        value: values[index], gradient: gradients[index],
        constraint: model.parameters[trained[index]].spec.constraint,
        slots: slots(of: trained[index]),
        isDecayed: settings.optimizer.optimizer(of: part).decaysWeight(path), part: part,
        usedRows: settings.optimizer.forms?.sparseRows == .usedOnly
          ? RowsInUse.of(gradients[index], graph) : nil,
        squares: settings.optimizer.forms?.squares == .ofUses
          ? SquaresOfUses.of(gradients[index], graph) : nil)
    }
    let output = settings.optimizer.step(
      OptimizerInput(
        parameters: inputs, globals: slots(of: nil),
        learningRate: graph.input(TensorType([]), .argument("learningRate")),
        step: graph.input(TensorType([]), .argument("step"))))
    var updates = zip(trained, output.parameters).map { pair(parameters[$0], $1.parameter) }
    for (slot, input) in zip(memory.slots, slotInputs) {
      let value =
        slot.parameter.flatMap { trained.firstIndex(of: $0) }.flatMap {
          output.parameters[$0].slots[slot.name]
        }
        ?? output.globals[slot.name]
      if let value { updates.append(pair(input, value)) }
    }
    return updates
  }

  private func statistics(_ forward: ForwardTrace) -> [Plan.Update] {
    forward.updates.filter { !model.parameters[$0.parameter].isTrainable }.map {
      pair(parameters[$0.parameter], $0.value)
    }
  }

  private func pair(_ state: Tensor, _ value: Tensor) -> Plan.Update {
    if state.type != value.type { refuse("update", "a new value of type \(state.type)", value) }
    return Plan.Update(state: graph.node(for: state), value: graph.node(for: value))
  }
}

extension LogitsRecovery {
  /// Whether the loss is computed from what went into an activation.
  fileprivate func sees(through end: ForwardTrace.PreActivation, loss: any LogitsLoss) -> Bool {
    switch (type(of: loss).link, end.activation) {
    case (.sigmoid, .sigmoid): self != .never
    case (.softmax, .softmax):
      self == .fromLastActivation || self == .fromLastActivationOfMatrices && end.value.rank == 2
    default: false
    }
  }
}

/// A step as a graph: what is computed, and which state is rewritten.
package struct TracedStep {
  package let graph: Graph
  package let outputs: [NodeID]
  package let updates: [Plan.Update]
}

extension Model {
  /// The graph of a step on `batchSize` samples without sample weights.
  package func tracedStep(_ mode: StepMode, batchSize: Int) -> TracedStep {
    let ranks = architecture.outputs.map { _ in 0 }
    return StepTrace(self, ProgramKey(mode: mode, batchSize: batchSize, weightRanks: ranks)).trace()
  }

  /// What a step runs: a line for each instruction with its layer, operations and types.
  ///
  /// - Throws: the first `OperationError` of the trace; `CompileError` before `compile`, but for a
  ///   prediction.
  public func plan(of kind: StepKind, batchSize: Int) throws -> String {
    if kind != .prediction { try requireCompiled() }
    let step = tracedStep(kind.mode, batchSize: batchSize)
    return try Plan(step.graph, outputs: step.outputs, updates: step.updates).description
  }

  /// The name of a slot's buffer in programs and records.
  package static func stateName(
    _ slot: OptimizerMemory.Slot, in parameters: [Parameter]
  ) -> String {
    slot.parameter.map { "\(parameters[$0].path)/\(slot.name)" } ?? "optimizer/\(slot.name)"
  }

  /// The program of a step, compiled at its first use.
  ///
  /// - Throws: the first `OperationError` of the trace.
  func program(_ mode: StepMode, _ batch: FeedBatch) throws -> StepProgram {
    if let program = programs.program(mode, batch) { return program }
    let key = ProgramKey(mode, batch)
    let step = StepTrace(self, key).trace()
    let plan = try Plan(step.graph, outputs: step.outputs, updates: step.updates)
    let program = StepProgram(plan, key: key, state: states.mapValues(\.storage))
    programs.insert(program)
    return program
  }

  /// Where weights, optimizer slots and running sums are kept, by the names of their inputs in programs.
  var states: [String: (shape: Shape, storage: Storage)] {
    var states: [String: (shape: Shape, storage: Storage)] = [:]
    for parameter in parameters {
      states[parameter.path] = (parameter.spec.shape, parameter.storage)
    }
    for slot in optimizerState?.slots ?? [] {
      states[Self.stateName(slot, in: parameters)] = (slot.shape, slot.storage)
    }
    for slot in metricMemory?.slots ?? [] { states[slot.name] = (slot.shape, slot.storage) }
    return states
  }
}
