/// A Keras file that cannot be read or written: who complains, what was expected, what was found.
public struct KerasFileError: Error, Hashable, CustomStringConvertible {
  public var file: String?
  /// What of the file or model is meant, for example `layer dense_1`.
  public var subject: String
  public var expected: String
  public var found: String

  public init(file: String? = nil, subject: String, expected: String, found: String) {
    self.file = file
    self.subject = subject
    self.expected = expected
    self.found = found
  }

  public var description: String {
    "\(file.map { "\($0): " } ?? "")\(subject): expected \(expected), but got \(found)."
  }
}

/// Something that a person should know of a file that was read or written.
public struct KerasNote: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable {
    /// A key that is not known; it had no effect.
    case unknownKey
    /// A known setting that Strata does not follow.
    case ignored
    /// Something that Strata expresses in another way.
    case mapped
    /// Something that the file does not hold.
    case missing
    /// Numbers that were converted.
    case converted
    /// Something that the written file cannot hold.
    case lost
  }
  public var kind: Kind
  public var subject: String
  public var text: String
  public var description: String { "\(subject): \(text)" }
}

/// Collects notes while a file is read or written.
final class NoteList {
  private(set) var notes: [KerasNote] = []

  func add(_ kind: KerasNote.Kind, _ subject: String, _ text: String) {
    let note = KerasNote(kind: kind, subject: subject, text: text)
    if !notes.contains(note) { notes.append(note) }
  }
}
