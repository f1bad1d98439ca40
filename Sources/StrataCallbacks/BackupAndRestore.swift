internal import Foundation
public import StrataCore
internal import StrataSemantics

/// Keeps a training in a folder, and goes on from there when the same `fit` is started again.
///
/// Weights, the optimizer's memory, random numbers and the order of samples are kept after every
/// epoch, or after every so many batches; a training that goes on from the end of an epoch gets the
/// same bits as one that was never interrupted. (From within an epoch it starts that epoch anew, as
/// Keras does.) The memories of other callbacks are not kept. When the training ends, the folder's
/// file is removed. Source: Keras since 2.4; the file is Strata's own.
public final class BackupAndRestore: ConfigurableCallback {
  public static let name = "BackupAndRestore"

  public let folder: String
  /// After how many batches the training is kept; nil: after every epoch.
  public let batches: Int?
  public let deletesAtEnd: Bool

  private var batchesSinceSaving = 0
  private var epoch = 0

  /// - Throws: `HyperparameterError` for an empty path or a number of batches below 1.
  public init(
    _ folder: String, batches: Int? = nil, deletesAtEnd: Bool = true
  ) throws(HyperparameterError) {
    guard !folder.isEmpty else {
      throw HyperparameterError(
        owner: Self.name, setting: "backup_dir", expected: "a path", found: "\"\"")
    }
    guard batches.map({ $0 > 0 }) ?? true else {
      throw HyperparameterError(
        owner: Self.name, setting: "save_freq", expected: "\"epoch\" or at least 1",
        found: "\(batches ?? 0)")
    }
    self.folder = folder
    self.batches = batches
    self.deletesAtEnd = deletesAtEnd
  }

  public var observesBatches: Bool { batches != nil }

  /// The file with the training.
  public var path: String { folder + "/training.json" }

  public func trainBegin(_ training: any TrainingControl) throws {
    batchesSinceSaving = 0
    epoch = training.progress.initialEpoch
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let backup: Backup
    do { backup = try JSONDecoder().decode(Backup.self, from: data) } catch {
      throw BackupError(path: path, found: "\(error)")
    }
    guard let snapshot = backup.snapshot else {
      throw BackupError(path: path, found: "damaged weights")
    }
    epoch = backup.epoch
    try training.resume(snapshot, atEpoch: backup.epoch)
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    self.epoch = epoch + 1
    if batches == nil { try save(training) }
  }

  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    guard let batches else { return }
    batchesSinceSaving += 1
    guard batchesSinceSaving >= batches else { return }
    batchesSinceSaving = 0
    try save(training)
  }

  public func trainEnd(_ training: any TrainingControl) throws {
    guard deletesAtEnd, FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.removeItem(atPath: path)
  }

  private func save(_ training: any TrainingControl) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let backup = Backup(epoch: epoch, try training.snapshotTraining())
    try JSONEncoder().encode(backup).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  public static var spans: [SettingSpan] {
    [
      SettingSpan("save_freq", since: "2.10.0", neutral: "epoch"),
      SettingSpan("delete_checkpoint", since: "2.10.0", neutral: true),
    ]
  }

  public var configuration: CallbackConfiguration {
    CallbackConfiguration(
      Self.name,
      [
        "backup_dir": .text(folder), "save_freq": batches.map(SettingValue.integer) ?? "epoch",
        "delete_checkpoint": .bool(deletesAtEnd),
      ])
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    try self.init(
      settings.required("backup_dir", settings.text("backup_dir")),
      batches: settings.frequency("save_freq"),
      deletesAtEnd: settings.bool("delete_checkpoint") ?? true)
    try settings.finish()
  }
}

extension SettingReader {
  /// A number of batches; nil for `"epoch"` and for nothing.
  mutating func frequency(_ name: String) throws(HyperparameterError) -> Int? {
    let value: SettingValue? = try read(name, "\"epoch\" or a whole number") {
      $0.text == "epoch" || $0.int != nil ? $0 : nil
    }
    return value?.int
  }
}

/// A kept training that cannot be read.
public struct BackupError: Error, Hashable, CustomStringConvertible {
  public var path: String
  public var found: String
  public var description: String {
    "BackupAndRestore: expected a kept training at \"\(path)\", but got \(found)."
  }
}

/// The file.
private struct Backup: Codable {
  var epoch: Int
  /// Elements as base64 texts, bytes in little-endian order.
  var weights: [String]
  var slots: [String]
  var iterations: Int
  var learningRate: UInt32
  var random: String
  var order: [Int]?

  init(epoch: Int, _ snapshot: TrainingSnapshot) {
    self.epoch = epoch
    weights = snapshot.weights.map(\.base64)
    slots = snapshot.slots.map(\.base64)
    iterations = snapshot.iterations
    learningRate = snapshot.learningRate.bitPattern
    random = snapshot.random
    order = snapshot.order
  }

  var snapshot: TrainingSnapshot? {
    let weights = self.weights.compactMap([Float].init(base64:))
    let slots = self.slots.compactMap([Float].init(base64:))
    guard weights.count == self.weights.count, slots.count == self.slots.count else { return nil }
    return TrainingSnapshot(
      weights: weights, slots: slots, iterations: iterations,
      learningRate: Float(bitPattern: learningRate), random: random, order: order)
  }
}
