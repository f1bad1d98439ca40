internal import StrataCallbacks
internal import StrataCore
public import StrataSemantics
internal import StrataTensor
public import StrataTraining

/// Runs a recorded training again and compares it with the record.
public struct Replayer {
  public let run: RunFile
  public let catalog: Catalog
  /// Called after each epoch.
  public var onEpoch: (EpochReplay) -> Void = { _ in }
  /// Takes warnings, a line each.
  public var report: (String) -> Void = { _ in }

  public init(_ run: RunFile, catalog: Catalog = .builtIn) {
    self.run = run
    self.catalog = catalog
  }

  /// Replays under the recorded semantics: to the last bit, from the recorded initial tensors.
  ///
  /// - Parameters:
  ///   - data: the training samples, if the run file does not hold them.
  ///   - validationData: the validation samples, likewise.
  /// - Throws: `ReplayError` if the data are not those of the record, or what training throws.
  public func replay(
    data: Dataset? = nil, validationData: Dataset? = nil
  ) throws -> ReplayReport {
    try replay(as: run.record.semantics, data, validationData)
  }

  /// Replays under other semantics: weights are drawn anew from the seed as that release draws
  /// them, and what the run left to the release is that release's.
  ///
  /// - Throws: `ReplayError` if the data are not those of the record, or what training throws.
  public func replay(
    as semantics: Semantics, data: Dataset? = nil, validationData: Dataset? = nil
  ) throws -> ReplayReport {
    try replay(as: semantics, data, validationData)
  }

  private func replay(
    as semantics: Semantics, _ data: Dataset?, _ validationData: Dataset?
  ) throws -> ReplayReport {
    let isSame = semantics == run.record.semantics
    let model = try model(under: semantics, restored: isSame)
    let samples = try samples(
      data, run.data, run.record.data, run.record.sampleCount, "data")
    var options = run.record.fit.options
    options.verbosity = .silent
    options.report = report
    if run.record.fit.hasValidationData {
      options.validationData = try samplesOfValidation(validationData)
    }
    let comparison = ReplayComparison(run, onEpoch: onEpoch)
    try model.fit(samples, options, callbacks: try callbacks(), observer: comparison)
    return ReplayReport(
      recorded: run.record.semantics, replayed: semantics, epochs: comparison.epochs,
      recordedEpochCount: run.record.epochs.count)
  }

  /// The model of the run before its first step.
  ///
  /// - Parameter restored: whether recorded tensors and streams are put in place.
  public func model(under semantics: Semantics, restored: Bool) throws -> Model {
    let record = run.record
    let model = try Model(
      record.architecture, semantics: restored ? record.reportingSemantics : semantics,
      seed: record.seed,
      initializesWeights: !restored)
    try model.compile(record.compile)
    if restored {
      model.random = run.random
      try model.restoreState(run.initial)
      model.optimizerState?.iterations = record.iterations
      model.optimizerState?.learningRate = record.learningRate
    }
    return model
  }

  func samplesOfValidation(_ given: Dataset?) throws -> Dataset? {
    try samples(
      given, run.validationData, run.record.validationData ?? [:],
      run.record.validationSampleCount ?? 0, "validation data")
  }

  func samples(
    _ given: Dataset?, _ held: Dataset?, _ digests: [String: Digest], _ count: Int,
    _ place: String
  ) throws -> Dataset {
    guard let samples = given ?? held else {
      throw ReplayError(
        place: place, expected: "samples (the run file holds only their digest)", found: "none")
    }
    guard samples.count == count else {
      throw ReplayError(place: place, expected: "\(count) samples", found: "\(samples.count)")
    }
    let found = try samples.digests()
    for name in Set(found.keys).union(digests.keys).sorted()
    where digests[name] != found[name] {
      throw ReplayError(
        place: "\(place)/\(name)",
        expected: digests[name].map { "samples with the digest \($0.short)" } ?? "no such samples",
        found: found[name]?.short ?? "none")
    }
    return samples
  }

  /// The run's callbacks that act on training; those that only write files are left out.
  func callbacks() throws -> [any Callback] {
    let writers: Set = ["ModelCheckpoint", "CSVLogger", "BackupAndRestore", "TensorBoard"]
    var result: [any Callback] = try run.record.callbacks
      .filter { !writers.contains($0.className) }.map { try catalog.callbacks.callback($0) }
    guard !run.record.otherCallbacks.isEmpty else { return result }
    report(
      "the run had callbacks that cannot be built again "
        + "(\(run.record.otherCallbacks.joined(separator: ", "))): the rates that they set and "
        + "where they stopped are repeated, nothing else")
    result.append(RecordedControl(run))
    return result
  }
}

/// Does what is recorded of callbacks that cannot be built again: the rate before every batch, and
/// the end of the training.
private final class RecordedControl: Callback {
  private let run: RunFile
  /// The recorded rates of each epoch.
  private let rates: [ArraySlice<Float>]
  private var epoch = 0
  /// The batch after which the training was stopped within its last epoch.
  private var lastBatch: Int? {
    guard run.record.outcome == FitEnd.stopped.rawValue else { return nil }
    return run.record.batchCounts?.last.map { $0 - 1 }
  }

  init(_ run: RunFile) {
    self.run = run
    let count = max(run.record.epochs.count, 1)
    let counts =
      run.record.batchCounts ?? [Int](repeating: run.rates.count / count, count: count)
    var start = 0
    rates = counts.map { count in
      defer { start += count }
      return run.rates[min(start, run.rates.count)..<min(start + count, run.rates.count)]
    }
  }

  var observesBatches: Bool { true }

  func epochBegin(_ epoch: Int, _ training: any TrainingControl) {
    self.epoch = epoch - training.progress.initialEpoch
  }

  /// Under another batch size an epoch has more or fewer batches: the rate is that of the batch at
  /// the same part of the epoch.
  func batchBegin(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) {
    guard rates.indices.contains(epoch), !rates[epoch].isEmpty else { return }
    let (progress, recorded) = (training.progress, rates[epoch])
    let size = progress.batchSize ?? 1
    let count = progress.sampleCount.map { ($0 + size - 1) / size } ?? recorded.count
    let index = min(batch * recorded.count / max(count, 1), recorded.count - 1)
    training.learningRate = recorded[recorded.startIndex + index]
  }

  func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) {
    let progress = training.progress
    guard epoch == rates.count - 1, batch == lastBatch, let samples = progress.sampleCount,
      (batch + 1) * (progress.batchSize ?? samples) < samples
    else { return }
    training.stop()
  }

  func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    if run.record.outcome == FitEnd.stopped.rawValue, epoch == run.record.epochs.last {
      training.stop()
    }
  }
}

/// Compares a training with a record, batch by batch.
private final class ReplayComparison: FitObserver {
  private let run: RunFile
  private let onEpoch: (EpochReplay) -> Void
  private(set) var epochs: [EpochReplay] = []
  private var position = 0
  /// How many values of each key were compared: not every epoch has every key.
  private var seen: [String: Int] = [:]
  private var firstDifferentBatch: Int?

  init(_ run: RunFile, onEpoch: @escaping (EpochReplay) -> Void) {
    self.run = run
    self.onEpoch = onEpoch
  }

  func fitBegan(_ model: Model, _ plan: FitPlan) {}
  func fitEnded(_ model: Model, _ end: FitEnd) {}

  /// A run that came to no proper end is ended again at the same place.
  ///
  /// One that was interrupted within an epoch ends after its last recorded batch; one that was
  /// interrupted later (in the validation, by a callback), or failed, after its last recorded epoch.
  var interrupts: Bool {
    let proper = [FitEnd.complete, .stopped].map(\.rawValue)
    guard !proper.contains(run.record.outcome) else { return false }
    return endsWithinEpoch
      ? position >= batchCount : epochs.count >= run.record.epochs.count
  }

  /// The batches of the recorded epochs.
  private var batchCount: Int { run.record.batchCounts?.reduce(0, +) ?? run.rates.count }

  /// Whether the last recorded epoch was cut off before its validation.
  private var endsWithinEpoch: Bool {
    let validated = run.history.filter { $0.key.hasPrefix("val_") }.map(\.value.count).max()
    return run.record.outcome == FitEnd.interrupted.rawValue && batchCount > 0
      && validated != run.record.epochs(of: "val_loss").count
  }

  func batchEnded(_ epoch: Int, _ batch: Int, _ values: [Float], _ model: Model) {
    defer { position += 1 }
    // A model's provenance has no batches to compare with.
    guard !run.batches.isEmpty else { return }
    let isSame = zip(run.record.batchKeys, values).allSatisfy { key, value in
      guard let recorded = run.batches[key], recorded.indices.contains(position) else {
        return false
      }
      return recorded[position].bitPattern == value.bitPattern
        || recorded[position].isNaN && value.isNaN
    }
    if !isSame, firstDifferentBatch == nil { firstDifferentBatch = batch }
  }

  func epochEnded(_ epoch: Int, _ logs: Logs, _ model: Model) {
    let index = epochs.count
    let state = StateDigest(of: model)
    let recorded =
      run.record.digests.indices.contains(index) ? run.record.digests[index] : nil
    let entry = EpochReplay(
      epoch: epoch,
      values: zip(logs.keys, logs.values).map { key, value in
        let (history, next) = (run.history[key] ?? [], seen[key, default: 0])
        seen[key] = next + 1
        return .init(
          key: key, recorded: history.indices.contains(next) ? history[next] : nil,
          replayed: value)
      },
      recordedDigest: recorded?.combined ?? Digest(of: "none"), replayedDigest: state.combined,
      firstDifferentBatch: firstDifferentBatch,
      firstDifferentTensor: recorded.flatMap { state.firstDifference(from: $0) })
    epochs.append(entry)
    firstDifferentBatch = nil
    onEpoch(entry)
  }
}
