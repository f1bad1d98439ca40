/// What a change of behaviour concerns.
public enum Axis: String, Sendable, Hashable, Codable, CaseIterable {
  case optimizer, initializer = "init", layer, loss, metric, fit, callback, file
}

/// What a change of behaviour reaches.
public enum Effect: String, Sendable, Hashable, Codable, CaseIterable {
  /// The weights of a training run.
  case trajectory
  /// Only logged or validation numbers, and decisions taken from them.
  case reporting
  /// Only what is written to or read from disk.
  case file
}

/// One change of a setting or formula, as listed in the history of Keras's numerics.
public struct Change: Sendable, Hashable {
  /// The stable identifier, for example `batchnorm-epsilon-1e-3`.
  public var id: String
  /// One line for a person.
  public var explanation: String

  public init(_ id: String, _ explanation: String) {
    self.id = id
    self.explanation = explanation
  }
}

/// What a setting or formula was, from which release on.
///
/// All its entries are one unit when releases are compared.
public struct History<Value: Sendable & Equatable>: Sendable {
  public struct Entry: Sendable {
    public var since: Version
    public var value: Value
    /// Why the value differs from the entry before; nil for the first.
    public var change: Change?
  }

  /// The name of the setting, for example `batchNormalization.epsilon`; overrides use it.
  public let setting: String
  public let axis: Axis
  public let effect: Effect
  /// In order of release; the first holds from the beginning.
  public private(set) var entries: [Entry]
  /// On which backends the history holds; nil: on all.
  private var backends: (@Sendable (Backend) -> Bool)?

  public init(_ setting: String, _ axis: Axis, _ effect: Effect, initially value: Value) {
    self.setting = setting
    self.axis = axis
    self.effect = effect
    entries = [Entry(since: "0.1.0", value: value)]
  }

  /// The history with one more entry, of a later release.
  public func since(
    _ version: Version, _ value: Value, _ id: String, _ explanation: String
  ) -> History {
    var copy = self
    copy.entries.append(Entry(since: version, value: value, change: Change(id, explanation)))
    return copy
  }

  /// The history as one of some backends only; another of the same setting may hold on the others.
  public func on(_ backends: @escaping @Sendable (Backend) -> Bool) -> History {
    var copy = self
    copy.backends = backends
    return copy
  }

  /// The entry in force under `semantics`.
  public func entry(under semantics: Semantics) -> Entry {
    let position = semantics.position(for: setting)
    return entries.last { $0.since <= position } ?? entries[0]
  }

  /// The value in force under `semantics`.
  public func value(under semantics: Semantics) -> Value { entry(under: semantics).value }
}

/// A history without its value type, for lists of all that changed.
public protocol AnyHistory: Sendable {
  var setting: String { get }
  var axis: Axis { get }
  var effect: Effect { get }
  /// The releases, values (as text) and changes, in order.
  var timeline: [(since: Version, value: String, change: Change?)] { get }
  /// The value in force under `semantics`, as text.
  func text(under semantics: Semantics) -> String
  /// Whether the history holds on a backend.
  func holds(on backend: Backend) -> Bool
}

extension History: AnyHistory {
  public var timeline: [(since: Version, value: String, change: Change?)] {
    entries.map { ($0.since, "\($0.value)", $0.change) }
  }
  public func text(under semantics: Semantics) -> String { "\(value(under: semantics))" }
  public func holds(on backend: Backend) -> Bool { backends?(backend) ?? true }
}

extension Optional where Wrapped: Sendable & Equatable {
  /// Fills in what the release had, where nothing was chosen.
  public mutating func resolve(_ history: History<Wrapped>, _ semantics: Semantics) {
    if self == nil { self = history.value(under: semantics) }
  }
}
