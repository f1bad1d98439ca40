/// Names and what they stand for: an immutable value that is passed in.
///
/// Plug-ins make a larger one.
public struct Registry<Entry: Sendable>: Sendable {
  /// What the entries are, for errors: `optimizer`.
  public let kind: String
  /// The names in order of registration, without aliases.
  public private(set) var names: [String] = []
  private var entries: [String: Entry] = [:]

  public init(_ kind: String) { self.kind = kind }

  /// The registry with one more entry; a name that exists is replaced.
  public func adding(_ name: String, aliases: [String] = [], _ entry: Entry) -> Registry {
    var copy = self
    if !names.contains(name) { copy.names.append(name) }
    for key in [name] + aliases { copy.entries[key] = entry }
    return copy
  }

  public subscript(_ name: String) -> Entry? { entries[name] }

  /// The entry of a name or alias.
  ///
  /// - Throws: `UnknownNameError` with the names that exist.
  public func resolve(_ name: String) throws(UnknownNameError) -> Entry {
    guard let entry = entries[name] else {
      throw UnknownNameError(kind: kind, name: name, known: names)
    }
    return entry
  }
}

/// A name that a registry does not hold.
public struct UnknownNameError: Error, Hashable, CustomStringConvertible {
  public var kind: String
  public var name: String
  public var known: [String]
  public init(kind: String, name: String, known: [String]) {
    self.kind = kind
    self.name = name
    self.known = known
  }
  public var description: String {
    "\(kind): expected one of \(known.sorted().joined(separator: ", ")), but got \"\(name)\"."
  }
}
