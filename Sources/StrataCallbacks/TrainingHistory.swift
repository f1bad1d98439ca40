public import StrataCore

/// Keeps the logs of every epoch; `fit` returns it (Keras's `History`).
///
/// As in Keras a key has values of those epochs only that logged it: where validation is due every
/// second epoch, `val_loss` has half as many as `loss`. `epochs(of:)` tells which.
public final class TrainingHistory: ResumableCallback {
  /// The epochs, counted from 0.
  public private(set) var epochs: [Int] = []
  /// The keys in the order in which they first came.
  public private(set) var keys: [String] = []
  private var values: [String: [Double]] = [:]
  /// The positions in `epochs` of a key's values, where not every epoch has one.
  private var positions: [String: [Int]] = [:]
  private var isRestored = false

  public init() {}

  /// The values of a key, one for each epoch that had it; empty for an unknown key.
  public subscript(_ key: String) -> [Double] { values[key] ?? [] }

  /// The epochs that have a value of a key, counted from 0.
  public func epochs(of key: String) -> [Int] { (positions[key] ?? []).map { epochs[$0] } }

  public func trainBegin(_ training: any TrainingControl) {
    defer { isRestored = false }
    guard !isRestored else { return }
    epochs = []
    keys = []
    values = [:]
    positions = [:]
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    epochs.append(epoch)
    for (key, value) in zip(logs.keys, logs.values) {
      if values[key] == nil { keys.append(key) }
      values[key, default: []].append(value)
      positions[key, default: []].append(epochs.count - 1)
    }
  }

  public var state: [String: SettingValue] {
    [
      "epochs": .list(epochs.map(SettingValue.integer)),
      "keys": .list(keys.map(SettingValue.text)),
      "values": .list(keys.map { .list(self[$0].map(SettingValue.number)) }),
      "positions": .list(keys.map { .list((positions[$0] ?? []).map(SettingValue.integer)) }),
    ]
  }

  public func restore(_ state: [String: SettingValue]) throws {
    var reader = SettingReader("TrainingHistory", state)
    let epochs = try reader.list("epochs", of: "whole numbers", \.int)
    let keys = try reader.list("keys", of: "texts", \.text)
    let columns = try reader.list("values", of: "lists of numbers") { column in
      column.list.map { $0.compactMap(\.double) }
    }
    let places = try reader.list("positions", of: "lists of whole numbers") { column in
      column.list.map { $0.compactMap(\.int) }
    }
    try reader.finish()
    self.epochs = try reader.required("epochs", epochs)
    self.keys = try reader.required("keys", keys)
    values = [:]
    for (key, column) in zip(self.keys, columns ?? []) { values[key] = column }
    positions = [:]
    for (index, key) in self.keys.enumerated() {
      let kept = places.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      positions[key] = kept ?? Array(self[key].indices)
    }
    isRestored = true
  }
}
