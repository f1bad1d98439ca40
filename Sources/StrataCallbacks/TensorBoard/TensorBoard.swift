public import StrataCore
public import StrataSemantics

/// Writes the logs of a training to event files, which TensorBoard shows.
///
/// Under releases to 2.3 one file in `folder` holds the logs under their own names (`loss`, `acc`,
/// `val_loss`). Later releases have a folder each for training and validation (`train`,
/// `validation`) and tags such as `epoch_loss`, `batch_loss`, `evaluation_loss_vs_iterations` and
/// `epoch_learning_rate`. Events are on the disk when their epoch ends.
///
/// What is not written: the graph (asking for it is noted), gradients, images of weights, embeddings,
/// profiles; and before 2.4 histograms, which that release takes over the validation data. Sources:
/// Keras 2.3.1 `callbacks/tensorboard_v1.py`, tf.keras 2.15 `callbacks.py`, Keras 3.15
/// `callbacks/tensorboard.py`. tf.keras writes values of batches only if another callback, such as the
/// bar, asks for batches; they are always written here.
public final class TensorBoard: ConfigurableCallback {
  public static let name = "TensorBoard"

  /// How often values are written within an epoch.
  public enum UpdateFrequency: Sendable, Hashable {
    /// At the end of the epoch only.
    case epoch
    case batch
    /// Every so many batches; before 2.4, every so many samples.
    case every(Int)

    /// The number of batches or samples; nil: epochs only.
    var count: Int? {
      switch self {
      case .epoch: nil
      case .batch: 1
      case .every(let count): count
      }
    }
  }

  public let folder: String
  public let updateFrequency: UpdateFrequency
  /// The distribution of every weight is written after every so many epochs; 0: never.
  public let histogramFrequency: Int
  /// Kept for files; the graph is not written.
  public let writesGraph: Bool

  private var rules = Rules(under: .strata)
  private var files: [EventFolder: EventFile] = [:]
  private var batches = 0
  private var samples = 0
  private var samplesWritten = 0

  /// - Throws: `HyperparameterError` for an empty path or frequencies out of range.
  public init(
    _ folder: String = "logs", updateFrequency: UpdateFrequency = .epoch,
    histogramFrequency: Int = 0, writesGraph: Bool = false
  ) throws(HyperparameterError) {
    guard !folder.isEmpty else {
      throw Self.error("log_dir", expected: "a path", found: "\"\"")
    }
    guard updateFrequency.count ?? 1 > 0 else {
      throw Self.error(
        "update_freq", expected: "\"epoch\", \"batch\" or at least 1",
        found: "\(updateFrequency.count ?? 0)")
    }
    guard histogramFrequency >= 0 else {
      throw Self.error("histogram_freq", expected: "at least 0", found: "\(histogramFrequency)")
    }
    self.folder = folder
    self.updateFrequency = updateFrequency
    self.histogramFrequency = histogramFrequency
    self.writesGraph = writesGraph
  }

  private static func error(
    _ setting: String, expected: String, found: String
  ) -> HyperparameterError {
    HyperparameterError(owner: name, setting: setting, expected: expected, found: found)
  }

  public var observesBatches: Bool { updateFrequency != .epoch }

  public func resolve(under semantics: Semantics) throws(HyperparameterError) {
    rules = Rules(under: semantics)
    guard histogramFrequency == 0 || rules.layout == .trainAndValidation else {
      throw Self.error(
        "histogram_freq", expected: "0 before 2.4, whose histograms are taken over validation data",
        found: "\(histogramFrequency)")
    }
  }

  // MARK: Events

  public func trainBegin(_ training: any TrainingControl) throws {
    batches = 0
    samples = 0
    samplesWritten = 0
    files = [:]
    if writesGraph { training.report("TensorBoard: the graph is not written.") }
    if rules.layout == .single { _ = try file(.all) }
  }

  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    batches += 1
    guard let every = updateFrequency.count else { return }
    switch rules.layout {
    case .single:
      samples += Int(logs["size"] ?? 0)
      guard samples - samplesWritten >= every else { return }
      try write(logs, step: samples)
      samplesWritten = samples
    case .trainAndValidation:
      guard batches.isMultiple(of: every) else { return }
      try add(logs, to: .train, step: batches) { "batch_\($0)" }
    }
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    switch rules.layout {
    case .single: try write(logs, step: updateFrequency == .epoch ? epoch : samples)
    case .trainAndValidation: try writeEpoch(epoch, logs, training)
    }
    for file in files.values { try file.flush() }
  }

  public func trainEnd(_ training: any TrainingControl) throws {
    for file in files.values { try file.close() }
    files = [:]
  }

  // MARK: One folder

  private func write(_ logs: Logs, step: Int) throws {
    let file = try file(.all)
    for (key, value) in zip(logs.keys, logs.values) where key != "batch" && key != "size" {
      file.append(EventMessage.simple(key, Float(value), step: step, at: file.now))
    }
  }

  // MARK: Two folders

  private func writeEpoch(_ epoch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    var parts: [EventFolder: Logs] = [:]
    for (key, value) in zip(logs.keys, logs.values) {
      let isValidation = key.hasPrefix("val_")
      let name = isValidation ? String(key.dropFirst(4)) : key
      parts[isValidation ? .validation : .train, default: Logs()][name] = value
    }
    let progress = training.progress
    if rules.writesRate(of: progress) {
      parts[.train, default: Logs()]["learning_rate"] = Double(training.learningRate)
    }
    if let validation = parts[.validation] {
      try add(validation, to: .validation, step: progress.iterations) {
        "evaluation_\($0)_vs_iterations"
      }
    }
    guard isWritten(epoch) else { return }
    for folder in [EventFolder.train, .validation] {
      try add(parts[folder] ?? Logs(), to: folder, step: epoch) { "epoch_\($0)" }
    }
    if histogramFrequency > 0, epoch.isMultiple(of: histogramFrequency) {
      try writeHistograms(epoch, training)
    }
  }

  /// Keras 3 writes an epoch only if its last batch is one that is written.
  private func isWritten(_ epoch: Int) -> Bool {
    guard rules.epochsFollowBatches, let every = updateFrequency.count else { return true }
    return batches.isMultiple(of: every)
  }

  private func add(
    _ logs: Logs, to folder: EventFolder, step: Int, _ tag: (String) -> String
  ) throws {
    guard !logs.keys.isEmpty else { return }
    let file = try file(folder)
    for (key, value) in zip(logs.keys, logs.values) {
      file.append(EventMessage.scalar(tag(key), Float(value), step: step, at: file.now))
    }
  }

  private func writeHistograms(_ epoch: Int, _ training: any TrainingControl) throws {
    let file = try file(.train)
    let weights = try training.snapshotWeights().values
    for (name, values) in zip(training.weightNames, weights) {
      let path =
        rules.namesWeightsByModel
        ? "\(training.progress.modelName ?? "model")/\(name)" : "\(name)_0"
      let rows = WeightHistogram.rows(values)
      guard !rows.isEmpty else { continue }
      file.append(EventMessage.histogram("\(path)/histogram", rows, step: epoch, at: file.now))
    }
  }

  private func file(_ part: EventFolder) throws -> EventFile {
    if let file = files[part] { return file }
    let path = part == .all ? folder : "\(folder)/\(part.rawValue)"
    let file = try EventFile(in: path, rules.layout == .single ? .first : .second)
    files[part] = file
    return file
  }
}

/// What a file is about; the raw value is its folder.
private enum EventFolder: String, Hashable {
  case all = "."
  case train, validation
}

// MARK: What the releases did

extension TensorBoard {
  package enum Layout: String, Sendable, Equatable { case single, trainAndValidation }
  /// Whether the learning rate is written with an epoch.
  package enum RateRule: String, Sendable, Equatable { case never, ofSchedules, always }

  package static let layoutHistory = History(
    "tensorBoard.layout", .callback, .file, initially: Layout.single
  ).since(
    "2.4.0", .trainAndValidation, "tensorboard-v2-layout",
    "Training and validation have folders of their own; tags say what a value is of.")

  package static let rateHistory = History(
    "tensorBoard.rate", .callback, .file, initially: RateRule.never
  ).since(
    "2.4.0", .ofSchedules, "tensorboard-rate-of-schedules",
    "The rate of a schedule is written with every epoch."
  ).since("3.0.0", .always, "tensorboard-rate-always", "The rate is written with every epoch.")

  package static let epochHistory = History(
    "tensorBoard.epochsFollowBatches", .callback, .file, initially: false
  ).since(
    "3.0.5", true, "tensorboard-epochs-follow-update-freq",
    "With update_freq, an epoch is written only if its last batch is.")

  package static let histories: [any AnyHistory] = [layoutHistory, rateHistory, epochHistory]

  private struct Rules {
    var layout: Layout
    private var rate: RateRule
    var epochsFollowBatches: Bool
    /// Since Keras 3 a weight's name begins with the model's.
    var namesWeightsByModel: Bool

    init(under semantics: Semantics) {
      layout = TensorBoard.layoutHistory.value(under: semantics)
      rate = TensorBoard.rateHistory.value(under: semantics)
      epochsFollowBatches = TensorBoard.epochHistory.value(under: semantics)
      namesWeightsByModel = semantics.position(for: "tensorBoard.weightNames") >= "3.0.0"
    }

    func writesRate(of progress: TrainingProgress) -> Bool {
      switch rate {
      case .never: false
      case .ofSchedules: progress.followsSchedule
      case .always: true
      }
    }
  }
}
