internal import Foundation
internal import StrataCallbacks
internal import StrataCore
internal import StrataTensor

extension FitLoop: TrainingControl {
  var progress: TrainingProgress {
    TrainingProgress(
      epochs: plan.epochs, initialEpoch: plan.initialEpoch, batchSize: plan.batchSize,
      sampleCount: sampleCount, validationSampleCount: validation?.count,
      hasValidation: validation != nil,
      metrics: keys + (validation == nil ? [] : keys.map { "val_\($0)" }), isStopping: isStopping,
      iterations: model.optimizerState?.iterations ?? 0,
      followsSchedule: model.compiled?.optimizer.schedule != nil, modelName: model.keptName)
  }

  var learningRate: Float {
    get { model.currentRate }
    set {
      guard newValue != model.optimizerState?.learningRate else { return }
      if let schedule = model.compiled?.optimizer.schedule {
        refusal = CompileError(
          setting: "the learning rate", expected: "left to \(type(of: schedule).className)",
          found: "a callback that sets it to \(newValue)")
      } else {
        model.optimizerState?.learningRate = newValue
      }
    }
  }

  func stop() {
    isStopping = true
    if end == .complete { end = .stopped }
  }

  func write(to path: String, _ content: CheckpointContent) throws {
    guard let writer = model.writer else {
      throw CompileError(
        setting: "a writer", expected: "for checkpoints (`model.writer = KerasWriter()`)",
        found: "none")
    }
    try writer.write(model, to: path, content)
  }

  func snapshotWeights() throws -> WeightSnapshot {
    WeightSnapshot(try model.weights.map { try $0.value.floats() })
  }

  func restoreWeights(_ snapshot: WeightSnapshot) throws {
    let shapes = model.parameters.map(\.spec.shape)
    try model.setWeights(zip(snapshot.values, shapes).map { Tensor($0, shape: $1) })
  }

  var weightNames: [String] { model.parameters.map(\.path) }

  func report(_ message: String) { options.report(message) }

  // MARK: What callbacks keep and put back

  func snapshotTraining() throws -> TrainingSnapshot {
    let random = try JSONEncoder().encode(model.random)
    return TrainingSnapshot(
      weights: try snapshotWeights().values,
      slots: model.optimizerState?.slots.map(\.elements) ?? [],
      iterations: model.optimizerState?.iterations ?? 0,
      learningRate: model.optimizerState?.learningRate ?? 0,
      random: String(decoding: random, as: UTF8.self), order: feed.order)
  }

  func resume(_ snapshot: TrainingSnapshot, atEpoch epoch: Int) throws {
    let slots = model.optimizerState?.slots ?? []
    guard slots.map(\.shape.count) == snapshot.slots.map(\.count) else {
      throw CompileError(
        setting: "the optimizer", expected: "the one whose training was kept",
        found: "one with \(slots.count) slots for \(snapshot.slots.count)")
    }
    try restoreWeights(WeightSnapshot(snapshot.weights))
    for (slot, values) in zip(slots, snapshot.slots) { slot.storage.store(values) }
    model.optimizerState?.iterations = snapshot.iterations
    model.optimizerState?.learningRate = snapshot.learningRate
    model.random = try JSONDecoder().decode(ModelRandom.self, from: Data(snapshot.random.utf8))
    if let order = snapshot.order { feed.order = order }
    firstEpoch = epoch
    try observer?.fitResumed(model, atEpoch: epoch, order: feed.order)
  }

  func exchangeAverages() throws {
    for (average, parameter) in try averages() {
      let values = average.elements
      average.storage.store(parameter.array(of: Float.self, count: values.count))
      parameter.store(values)
    }
  }

  func settleAverages() throws {
    for (average, parameter) in try averages() {
      average.storage.store(parameter.array(of: Float.self, count: average.shape.count))
    }
  }

  private func averages() throws -> [(average: OptimizerMemory.Slot, parameter: Storage)] {
    guard model.compiled?.optimizer.averaging != nil, let memory = model.optimizerState else {
      throw HyperparameterError(
        owner: "SwapEMAWeights", setting: "optimizer",
        expected: "one that keeps running averages (`averaged()`)",
        found: model.compiled?.optimizer.name ?? "none")
    }
    return memory.slots.compactMap { slot in
      guard slot.name == Optimizer.averageSlot, let parameter = slot.parameter else { return nil }
      return (slot, model.parameters[parameter].storage)
    }
  }
}
