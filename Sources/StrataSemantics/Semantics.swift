/// The framework whose behaviour is selected.
public enum Lineage: String, Sendable, Hashable, Codable, CaseIterable {
  case keras
  case tfKeras = "tf.keras"
  case torch
  case strata
}

/// The library that computed for a release of Keras; numbers depend on it in places.
public struct Backend: Sendable, Hashable, Codable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case theano, tensorflow, jax, torch, native
  }
  public var kind: Kind
  public var version: Version

  public static func theano(_ version: Version = "0.9.0") -> Backend {
    Backend(kind: .theano, version: version)
  }
  public static func tensorflow(_ version: Version) -> Backend {
    Backend(kind: .tensorflow, version: version)
  }
  public static let native = Backend(kind: .native, version: "1.0.0")

  public var description: String { "\(kind.rawValue)-\(version)" }
}

/// Which release's numerics a model follows: a value, chosen, compared and recorded.
///
///     .keras("0.3.3")      .keras("1.2.0", backend: .theano("0.8.2"))      .strata
///
/// A release without a backend gets the one that its traces were recorded with.
public struct Semantics: Sendable, Hashable, Codable {
  public var lineage: Lineage
  public var version: Version
  public var backend: Backend
  /// Single settings taken from another release of the same line, by the name of the setting.
  public var overrides: [String: Version] = [:]

  public init(_ lineage: Lineage, _ version: Version, backend: Backend? = nil) {
    self.lineage = lineage
    self.version = version
    self.backend = backend ?? Self.defaultBackend(lineage, version)
  }

  public static func keras(_ version: Version, backend: Backend? = nil) -> Semantics {
    Semantics(.keras, version, backend: backend)
  }
  public static func tfKeras(_ version: Version) -> Semantics { Semantics(.tfKeras, version) }
  public static func torch(_ version: Version) -> Semantics { Semantics(.torch, version) }
  /// Strata's own lineage, with modern defaults.
  public static let strata = Semantics(.strata, "1.0.0")

  /// The same semantics with one setting taken from another release.
  public func overriding(_ setting: String, with version: Version) -> Semantics {
    var copy = self
    copy.overrides[setting] = version
    return copy
  }

  /// The place on the line of Keras releases whose behaviour is followed for `setting`.
  ///
  /// Keras and tf.keras are one line: multi-backend Keras to 2.3.1, tf.keras after it, Keras 3.
  /// Strata's own lineage starts from Keras 3.15.1.
  public func position(for setting: String) -> Version {
    if let version = overrides[setting] { return version }
    return lineage == .strata ? "3.15.1" : version
  }

  /// Whether the releases of both stand on one line: torch has a line of its own.
  public func isComparable(with other: Semantics) -> Bool {
    (lineage == .torch) == (other.lineage == .torch)
  }

  /// The same semantics computed by another library.
  public func computed(by backend: Backend) -> Semantics {
    var copy = self
    copy.backend = backend
    return copy
  }

  private static func defaultBackend(_ lineage: Lineage, _ version: Version) -> Backend {
    switch lineage {
    case .strata: .native
    case .torch: Backend(kind: .torch, version: version)
    case .tfKeras: .tensorflow(version)
    case .keras:
      version < "2.0.0"
        ? .theano()
        : version < "2.3.0"
          ? .tensorflow("1.15.0")
          : version < "2.4.0" ? .tensorflow("1.15.5") : .tensorflow("2.21.0")
    }
  }
}

extension Semantics: CustomStringConvertible {
  /// `keras-1.2.0+theano-0.9.0`, `strata-1`.
  public var description: String {
    if lineage == .strata { return "strata-\(version.numbers[0])" }
    return "\(lineage.rawValue)-\(version)+\(backend)"
  }

  /// The semantics in a text such as `keras-1.2.0`, `keras-1.2.0+theano-0.8.2` or `strata`.
  ///
  /// - Throws: `SemanticsError` naming what was expected.
  public init(parsing text: String) throws(SemanticsError) {
    let parts = text.split(separator: "+", maxSplits: 1).map(String.init)
    guard let head = parts.first else { throw SemanticsError(text: text) }
    if head == "strata" {
      self = .strata
      return
    }
    guard let dash = head.lastIndex(of: "-"),
      let lineage = Lineage(rawValue: String(head[..<dash])),
      let version = Version(parsing: String(head[head.index(after: dash)...]))
    else { throw SemanticsError(text: text) }
    var backend: Backend?
    if parts.count == 2 {
      let pair = parts[1].split(separator: "-", maxSplits: 1).map(String.init)
      guard let kind = Backend.Kind(rawValue: pair[0]),
        let number = Version(parsing: pair.count == 2 ? pair[1] : "0")
      else { throw SemanticsError(text: text) }
      backend = Backend(kind: kind, version: number)
    }
    self.init(lineage, version, backend: backend)
  }
}

/// A text that names no release.
public struct SemanticsError: Error, Hashable, CustomStringConvertible {
  public var text: String
  public var description: String {
    "semantics: expected LINEAGE-VERSION[+BACKEND-VERSION] such as keras-1.2.0 or "
      + "keras-1.2.0+theano-0.8.2 (lineages: keras, tf.keras, torch, strata), but got \"\(text)\"."
  }
}
