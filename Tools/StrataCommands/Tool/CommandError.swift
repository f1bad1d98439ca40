/// What a command cannot do with what it was given.
struct CommandError: Error, Equatable, CustomStringConvertible {
  /// Who complains: a subcommand.
  var command: String
  /// The file or option concerned.
  var subject: String
  var expected: String
  var found: String

  var description: String { "\(command): \(subject): expected \(expected), but \(found)." }
}
