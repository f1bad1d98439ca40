public import StrataSemantics

/// In which releases a callback has a setting; outside of them the release refuses it.
public struct SettingSpan: Sendable, Hashable {
  /// The key in Keras's constructor.
  public var key: String
  public var since: Version
  /// The first release without it; nil: none yet.
  public var until: Version?
  /// What the callback does without the setting; a setting of this value asks for nothing.
  public var neutral: SettingValue
  /// An older name, under which earlier releases have the same setting.
  public var formerly: String?

  public init(
    _ key: String, since: Version, until: Version? = nil, neutral: SettingValue,
    formerly: String? = nil
  ) {
    self.key = key
    self.since = since
    self.until = until
    self.neutral = neutral
    self.formerly = formerly
  }

  /// Whether a release has the setting under its name.
  func holds(under semantics: Semantics) -> Bool {
    guard semantics.lineage != .torch else { return true }
    let position = semantics.position(for: "callback.\(key)")
    return position >= since && until.map { position < $0 } ?? true
  }
}

extension ConfigurableCallback {
  /// The keys of a configuration that a release refuses.
  package static func refusedKeys(
    of configuration: CallbackConfiguration, under semantics: Semantics
  ) -> [String] {
    spans.filter { span in
      guard let value = configuration.settings[span.key], value != span.neutral, value != .null
      else { return false }
      return !span.holds(under: semantics)
    }.map(\.key)
  }

  /// What is said of settings that the release has not, under no name: they take the form of the
  /// first release that has them.
  public func remarks(under semantics: Semantics) -> [String] {
    let refused = Self.refusedKeys(of: configuration, under: semantics)
    return Self.spans.filter { refused.contains($0.key) && $0.formerly == nil }.map { span in
      "\(Self.name): \(semantics) has no \(span.key) (Keras "
        + (semantics.version < span.since
          ? "since \(span.since)" : "until \(span.until ?? span.since)")
        + "); it acts all the same."
    }
  }
}
