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
  private var batchesOfEpoch = 0

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
    let keys = Self.distinct(model.logKeys)
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
      batchKeys: keys, batchCounts: [], historyKeys: [], epochs: [], digests: [])
    run = RunFile(
      record: record, random: model.random, initial: model.stateValues,
      batches: Dictionary(uniqueKeysWithValues: keys.map { ($0, []) }), rates: [],
      history: [:], data: includesData ? data : nil,
      validationData: includesData ? validationData : nil)
  }

  /// The record is of what is trained from here on.
  func fitResumed(_ model: Model, atEpoch epoch: Int, order: [Int]?) {
    guard let memory = model.optimizerState else { return }
    run?.record.fit.initialEpoch = epoch
    run?.record.fit.initialOrder = order
    run?.record.iterations = memory.iterations
    run?.record.learningRate = memory.learningRate
    run?.random = model.random
    run?.initial = model.stateValues
  }

  func batchEnded(_ epoch: Int, _ batch: Int, _ values: [Float], _ model: Model) {
    guard let keys = run?.record.batchKeys else { return }
    for (key, value) in zip(keys, values) { run?.batches[key]?.append(value) }
    batchesOfEpoch += 1
  }

  func batchBegins(_ model: Model) {
    run?.rates.append(model.optimizerState?.learningRate ?? .nan)
  }

  /// Names for datasets: some releases give two metrics one key, and `rate` is taken.
  private static func distinct(_ keys: [String]) -> [String] {
    var taken: Set = ["rate"]
    return keys.map { key in
      var name = key
      var number = 1
      while !taken.insert(name).inserted {
        name = "\(key)#\(number)"
        number += 1
      }
      return name
    }
  }

  func epochEnded(_ epoch: Int, _ logs: Logs, _ model: Model) {
    run?.record.epochs.append(epoch)
    run?.record.batchCounts?.append(batchesOfEpoch)
    batchesOfEpoch = 0
    run?.record.digests.append(StateDigest(of: model))
    for (key, value) in zip(logs.keys, logs.values) {
      if run?.history[key] == nil { run?.record.historyKeys.append(key) }
      run?.history[key, default: []].append(value)
    }
  }

  func fitEnded(_ model: Model, _ end: FitEnd) { run?.record.outcome = end.rawValue }

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
  ///
  /// - Throws: `ReplayError` for another number of tensors or elements.
  func restoreState(_ values: [[Float]]) throws {
    let slots = optimizerState?.slots ?? []
    let storages = parameters.map(\.storage) + slots.map(\.storage)
    let counts = parameters.map(\.spec.shape.count) + slots.map(\.shape.count)
    guard values.map(\.count) == counts else {
      throw ReplayError(
        place: "initial", expected: "\(counts.count) tensors of \(counts) elements",
        found: "\(values.count) of \(values.map(\.count))")
    }
    for (storage, values) in zip(storages, values) { storage.store(values) }
  }
}
