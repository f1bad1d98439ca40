import Foundation
import StrataCallbacks
import StrataSemantics

/// A JSON file with what one callback of a real release did, in either of the two layouts.
///
/// The older one has `cases` and a `series` for each; the newer one has `traces` with their values
/// in the steps.
struct CallbackFile {
  let name: String
  /// `keras-1.2.0`.
  let release: String
  let semantics: Semantics
  let root: SettingValue
  var isOld: Bool { root["meta"] != nil }

  /// - Throws: `TraceError` for a file that is no trace of callbacks.
  init(_ path: String) throws(CallbackTraceError) {
    name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      root = try JSONDecoder().decode(SettingValue.self, from: data)
      let lineage = root["framework"]?.text ?? "keras"
      let version = root["version"]?.text ?? root["meta"]?["keras"]?.text ?? ""
      release = "\(lineage)-\(version)"
      semantics = try Semantics(parsing: release)
    } catch {
      throw CallbackTraceError(file: path, found: "\(error)")
    }
  }

  /// The decisions of one callback, epoch by epoch; empty for files of another kind.
  var decisions: [DecisionTrace] {
    (root["cases"]?.list ?? []).compactMap(oldTrace)
      + (root["traces"]?.list ?? []).compactMap(newTrace)
  }

  private static let classes = [
    "early_stopping": "EarlyStopping", "model_checkpoint": "ModelCheckpoint",
    "reduce_lr_on_plateau": "ReduceLROnPlateau", "EarlyStopping": "EarlyStopping",
    "ModelCheckpoint": "ModelCheckpoint", "ReduceLROnPlateau": "ReduceLROnPlateau",
  ]

  private func oldTrace(_ entry: SettingValue) -> DecisionTrace? {
    guard let className = Self.classes[name], var settings = entry["config"]?.table,
      let series = entry["series"]?.text, let key = settings["monitor"]?.text
    else { return nil }
    if let template = entry["template"] { settings["filepath"] = template }
    let values = root["series"]?[series]?.list ?? []
    let steps =
      entry["records"]?.list
      ?? values.enumerated().map { .table(["epoch": .integer($0), "value": $1]) }
    return DecisionTrace(
      label: "\(series) \(SettingValue.table(settings))", className: className,
      settings: settings, key: key, otherLogs: [], steps: steps,
      saved: entry["saved"]?.list?.compactMap { file in
        file["path"]?.text.map { "\(file["what"]?.text ?? "") \($0)" }
      })
  }

  private func newTrace(_ entry: SettingValue) -> DecisionTrace? {
    guard let className = Self.classes[name], var settings = entry["kwargs"]?.table else {
      return nil
    }
    let label = "\(entry["sequence_name"]?.text ?? "") \(SettingValue.table(settings))"
    // Keras 3 swallows the old name of the setting without using it.
    if semantics.version >= "3.0.0" { settings["epsilon"] = nil }
    if className == "ModelCheckpoint" {
      settings["filepath"] = entry["pattern"] ?? ""
      settings["save_weights_only"] = root["save_weights_only"]
    }
    let key = entry["monitor"]?.text ?? settings["monitor"]?.text ?? "val_loss"
    let error = entry["error"]?.text.map { SettingValue.text($0) }
    let failing = SettingValue.table(["epoch": 0, "value": 0.5, "error": error ?? .null])
    return DecisionTrace(
      label: label, className: className, settings: settings, key: key, otherLogs: ["loss"],
      steps: error == nil ? entry["steps"]?.list ?? [] : [failing],
      weightsAtEnd: entry["weights_of_epoch_at_end"]?.double,
      isUnsupported: entry["unsupported"]?.bool ?? false)
  }
}

/// A row of values fed to one callback, and what it did with each.
struct DecisionTrace {
  var label: String
  var className: String
  var settings: [String: SettingValue]
  /// What is monitored.
  var key: String
  /// Other keys of the logs.
  var otherLogs: [String]
  /// For each epoch `value`, and what was recorded after it.
  var steps: [SettingValue]
  /// All files written, `model w.00.h5`.
  var saved: [String]?
  var weightsAtEnd: Double?
  /// The release has no such setting.
  var isUnsupported = false

  var configuration: CallbackConfiguration { CallbackConfiguration(className, settings) }
}

/// A file that is no trace of callbacks.
public struct CallbackTraceError: Error, Hashable, CustomStringConvertible {
  public var file: String
  public var found: String
  public var description: String {
    "\(file): expected a trace of callbacks of a release, but got \(found)."
  }
}

extension SettingValue {
  subscript(_ key: String) -> SettingValue? {
    guard case .table(let members) = self, let value = members[key], value != .null else {
      return nil
    }
    return value
  }

  var table: [String: SettingValue]? {
    if case .table(let members) = self { members } else { nil }
  }
}
