internal import Foundation

/// A number of a training by which changes are ranked.
///
///     val_loss    best val_loss    gap    any logged key, with or without best
public enum AttributedMetric: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The value after the last epoch.
  case last(String)
  /// The lowest value of all epochs; of an accuracy the highest.
  case best(String)
  /// `val_loss − loss` after the last epoch.
  case gap

  /// The metric of a text: `val_loss`, `best val_loss` (or `best:val_loss`), `gap`.
  public init(parsing text: String) {
    if text == "gap" {
      self = .gap
      return
    }
    for prefix in ["best ", "best:"] where text.hasPrefix(prefix) {
      self = .best(String(text.dropFirst(prefix.count)))
      return
    }
    self = .last(text)
  }

  public var description: String {
    switch self {
    case .last(let key): key
    case .best(let key): "best \(key)"
    case .gap: "gap"
    }
  }

  public init(from decoder: any Decoder) throws {
    self.init(parsing: try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// The number, or nil if the training did not log what it is made of.
  public func value(of history: [String: [Double]]) -> Double? {
    switch self {
    case .last(let key): return Self.values(key, history)?.last
    case .best(let key):
      let values = Self.values(key, history)?.filter(\.isFinite)
      let isBestHigh = key.contains("acc") || key.contains("auc")
      return isBestHigh ? values?.max() : values?.min()
    case .gap:
      guard let validation = history["val_loss"]?.last, let training = history["loss"]?.last else {
        return nil
      }
      return validation - training
    }
  }

  /// The values of a key; releases log accuracy as `acc` or as `accuracy`, and an object as `auc` or,
  /// in 2.3, as `auc_1`.
  private static func values(_ key: String, _ history: [String: [Double]]) -> [Double]? {
    if let values = history[key] { return values }
    let other =
      key.hasSuffix("accuracy")
      ? String(key.dropLast(5)) : key.hasSuffix("acc") ? key + "uracy" : key
    return history[other] ?? history["\(key)_1"]
      ?? (key.hasSuffix("_1") ? history[String(key.dropLast(2))] : nil)
  }
}
