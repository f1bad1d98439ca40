public import StrataSemantics

/// What changed of one setting between two releases: all its entries together.
public struct ChangeUnit: Sendable, Codable, Hashable {
  public struct Entry: Sendable, Codable, Hashable {
    /// The stable identifier.
    public var id: String
    /// The release that brought the change; nil where the backend decides.
    public var since: String?
    public var explanation: String
  }

  /// The name of the setting, for example `batchNormalization.epsilon`; `backend` for all that
  /// depends on the library that computes.
  public var setting: String
  /// What has the setting: layer classes, update rules and so on.
  public var owners: [String]
  public var kind: HistoryCatalog.Kind
  public var axis: Axis
  public var effect: Effect
  public var from: String
  public var to: String
  /// In order of release.
  public var changes: [Entry]

  public static let backendSetting = "backend"
}

extension Semantics {
  /// The same semantics with one setting, all its changes together, as `other` has it.
  public func taking(_ unit: ChangeUnit, from other: Semantics) -> Semantics {
    unit.setting == ChangeUnit.backendSetting
      ? computed(by: other.backend)
      : overriding(unit.setting, with: other.position(for: unit.setting))
  }
}

/// Two releases that no line joins.
public struct IncomparableReleases: Error, Hashable, CustomStringConvertible {
  public var from: Semantics
  public var to: Semantics
  public var description: String {
    "explain: expected two releases of one line (keras, tf.keras and strata; or torch), but got "
      + "\(from) and \(to): their rules share no history."
  }
}
