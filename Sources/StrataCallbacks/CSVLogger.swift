import Foundation
public import StrataCore
public import StrataSemantics

/// Writes the logs of every epoch to a CSV file: `epoch` and the keys in alphabetical order.
///
/// Numbers are written as Python writes them, lines end in CR LF. Every row is on the disk when
/// its epoch ends, so the file is whole after a crash. When a training is resumed, the rows of
/// epochs that will run again are removed and the rest is continued.
public final class CSVLogger: ConfigurableCallback, ResumableCallback {
  public static let name = "CSVLogger"

  public let path: String
  public let separator: Character
  /// Whether a file that exists is continued; its header is not written again.
  public let append: Bool

  private var rules = Rules(under: .strata)
  private var file: FileHandle?
  private var columns: [String]?
  private var needsHeader = true
  private var isRestored = false

  public init(_ path: String, separator: Character = ",", append: Bool = false) {
    self.path = path
    self.separator = separator
    self.append = append
  }

  deinit { try? file?.close() }

  public func resolve(under semantics: Semantics) { rules = Rules(under: semantics) }

  /// - Throws: `CSVLoggerError` if the file cannot be opened for writing.
  public func trainBegin(_ training: any TrainingControl) throws {
    if isRestored { try dropRows(from: training.progress.initialEpoch) }
    let existing = append || isRestored ? FileManager.default.contents(atPath: path) : nil
    if existing == nil, !FileManager.default.createFile(atPath: path, contents: nil) {
      throw CSVLoggerError(path: path, reason: "a file that can be created")
    }
    try file?.close()
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw CSVLoggerError(path: path, reason: "a file that can be written")
    }
    try file.seekToEnd()
    self.file = file
    needsHeader = existing?.isEmpty ?? true
    if !isRestored { columns = nil }
    isRestored = false
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    let columns = self.columns ?? newColumns(logs, training.progress.metrics)
    self.columns = columns
    var text = ""
    if needsHeader { text += line(["epoch"] + columns) }
    needsHeader = false
    let fields = try columns.map { try field($0, logs, training) }
    text += line(["\(epoch)"] + fields)
    try file?.write(contentsOf: Data(text.utf8))
    try file?.synchronize()
  }

  public func trainEnd(_ training: any TrainingControl) throws {
    try file?.close()
    file = nil
  }

  private func newColumns(_ logs: Logs, _ metrics: [String]) -> [String] {
    let keys = logs.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    guard rules.missing == .always else { return keys }
    // Strata's own lineage adds the columns that the training announced; Keras adds one for every key
    // where none of validation is there, of a rate too, and without any validation.
    guard rules.addsForEveryKey else {
      return keys + metrics.filter { $0.hasPrefix("val_") && !keys.contains($0) }
    }
    return keys.contains { $0.hasPrefix("val_") } ? keys : keys + keys.map { "val_\($0)" }
  }

  private func field(
    _ key: String, _ logs: Logs, _ training: any TrainingControl
  ) throws(CSVLoggerError) -> String {
    if let value = logs[key] {
      return rules.isSinglePrecision(key, value)
        ? PythonNumber.shortest(Float(value)) : PythonNumber.shortest(value)
    }
    switch rules.missing {
    case .always: return "NA"
    case .never, .whenStopping:
      // An interrupted epoch has no validation; what was logged before must not be lost.
      if training.progress.isStopping { return "NA" }
      throw CSVLoggerError(
        path: path, reason: "a value of \"\(key)\" in every epoch (the first had one)")
    }
  }

  private func line(_ fields: [String]) -> String {
    let separator = rules.usesSeparator ? separator : ","
    let quoted = fields.map { field in
      field.contains { $0 == separator || $0 == "\"" || $0.isNewline }
        ? "\""
          + field.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"") + "\"" : field
    }
    return quoted.joined(separator: String(separator)) + "\r\n"
  }

  /// Removes the rows of epochs from `epoch` on; the file is replaced in one step.
  private func dropRows(from epoch: Int) throws {
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let separator = rules.usesSeparator ? separator : ","
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\r\n")
    let kept = lines.enumerated().filter { index, line in
      let first = line.prefix { $0 != separator }
      return index == 0 || Int(first).map { $0 < epoch } ?? false
    }
    let text = kept.map { $0.element + "\r\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

/// A log file that cannot be written as asked.
public struct CSVLoggerError: Error, Hashable, CustomStringConvertible {
  public var path: String
  public var reason: String
  public var description: String { "CSVLogger: expected \(reason) at \"\(path)\"." }
}

// MARK: What the releases did

extension CSVLogger {
  /// When a value that is missing is written as `NA` instead of being an error.
  package enum MissingRule: Sendable, Hashable { case never, whenStopping, always }

  package static let separatorHistory = History<Bool>(
    "csvLogger.usesSeparator", .callback, .file, initially: false
  ).since("1.2.1", true, "csvlogger-separator-honoured", "the separator is used")

  package static let missingHistory = History<MissingRule>(
    "csvLogger.missing", .callback, .file, initially: .never
  ).since(
    "2.0.7", .whenStopping, "csvlogger-na-when-stopped",
    "missing values are NA once the training is stopped"
  ).since(
    "2.13.1", .always, "csvlogger-val-columns",
    "validation columns are there from the start; missing values are NA")

  package static let histories: [any AnyHistory] = [separatorHistory, missingHistory]

  struct Rules {
    var usesSeparator: Bool
    var missing: MissingRule
    var addsForEveryKey: Bool
    /// Keras 2.3 logged training metrics, but not the loss, as single-precision numbers.
    private var hasSinglePrecisionMetrics: Bool

    init(under semantics: Semantics) {
      usesSeparator = CSVLogger.separatorHistory.value(under: semantics)
      missing = CSVLogger.missingHistory.value(under: semantics)
      addsForEveryKey = semantics.lineage != .strata
      let position = semantics.position(for: "csvLogger.metrics")
      hasSinglePrecisionMetrics = position >= "2.3.0" && position < "2.4.0"
    }

    func isSinglePrecision(_ key: String, _ value: Double) -> Bool {
      hasSinglePrecisionMetrics && key != "loss" && key != "lr" && !key.hasPrefix("val_")
        && Double(Float(value)) == value
    }
  }
}

// MARK: Configuration and state

extension CSVLogger {
  public var configuration: CallbackConfiguration {
    CallbackConfiguration(
      Self.name,
      [
        "filename": .text(path), "separator": .text(String(separator)), "append": .bool(append),
      ])
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    let path = try settings.text("filename")
    let separator = try settings.text("separator") ?? ","
    let append = try settings.bool("append") ?? false
    try settings.finish()
    guard separator.count == 1, let character = separator.first else {
      throw HyperparameterError(
        owner: Self.name, setting: "separator", expected: "one character",
        found: "\"\(separator)\"")
    }
    self.init(try settings.required("filename", path), separator: character, append: append)
  }

  public var state: [String: SettingValue] {
    ["columns": columns.map { .list($0.map(SettingValue.text)) } ?? .null]
  }

  public func restore(_ state: [String: SettingValue]) throws {
    var reader = SettingReader(Self.name, state)
    columns = try reader.list("columns", of: "texts", \.text)
    try reader.finish()
    isRestored = true
  }
}
