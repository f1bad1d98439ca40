internal import StrataCallbacks
internal import StrataCore
internal import StrataTensor
internal import StrataTraining

/// Notes what a training depends on and what it does, batch by batch.
final class Recorder: FitObserver {
  private(set) var run: RunFile?
  private let definition: FitDefinition
  private let callbacks: [any Callback]
  private let data: Dataset
  private let validationData: Dataset?
  private let includesData: Bool

  init(
    _ data: Dataset, _ options: FitOptions, callbacks: [any Callback], includesData: Bool
  ) {
    definition = FitDefinition(options)
    self.callbacks = callbacks
    self.data = data
    validationData = options.validationData
    self.includesData = includesData
  }

  func fitBegan(_ model: Model, _ plan: FitPlan) throws {
    guard let compile = model.compileDefinition, let memory = model.optimizerState else { return }
    let configurable = callbacks.compactMap { $0 as? any ConfigurableCallback }
    let record = RunRecord(
      host: .current, semantics: model.semantics, seed: model.random.seed,
      architecture: model.definition, resolved: model.architecture, compile: compile,
      fit: definition, callbacks: configurable.map(\.configuration),
      otherCallbacks: callbacks.filter { !($0 is any ConfigurableCallback) }.map {
        "\(type(of: $0))"
      },
      data: try data.digests(), validationData: try validationData?.digests(),
      sampleCount: data.count, validationSampleCount: validationData?.count,
      iterations: memory.iterations, learningRate: memory.learningRate, outcome: "incomplete",
      batchKeys: model.logKeys, historyKeys: [], epochs: [], digests: [])
    run = RunFile(
      record: record, random: model.random, initial: model.stateValues,
      batches: Dictionary(uniqueKeysWithValues: model.logKeys.map { ($0, []) }), rates: [],
      history: [:], data: includesData ? data : nil,
      validationData: includesData ? validationData : nil)
  }

  func batchEnded(_ epoch: Int, _ batch: Int, _ values: [Float], _ model: Model) {
    for (key, value) in zip(model.logKeys, values) { run?.batches[key]?.append(value) }
    run?.rates.append(model.optimizerState?.learningRate ?? .nan)
  }

  func epochEnded(_ epoch: Int, _ logs: Logs, _ model: Model) {
    run?.record.epochs.append(epoch)
    run?.record.digests.append(StateDigest(of: model))
    for (key, value) in zip(logs.keys, logs.values) {
      if run?.history[key] == nil { run?.record.historyKeys.append(key) }
      run?.history[key, default: []].append(value)
    }
  }

  func fitEnded(_ model: Model) { run?.record.outcome = "complete" }

  func failed(_ error: any Error) { run?.record.outcome = "error: \(error)" }
}

extension Model {
  /// Weights, then optimizer slots, in the order of a state digest.
  var stateValues: [[Float]] {
    parameters.map { $0.storage.array(of: Float.self, count: $0.spec.shape.count) }
      + (optimizerState?.slots ?? []).map {
        $0.storage.array(of: Float.self, count: $0.shape.count)
      }
  }

  /// Puts values in the order of `stateValues` back.
  func restoreState(_ values: [[Float]]) {
    let storages = parameters.map(\.storage) + (optimizerState?.slots ?? []).map(\.storage)
    for (storage, values) in zip(storages, values) { storage.store(values) }
  }
}
