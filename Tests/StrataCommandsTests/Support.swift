import Foundation
import StrataCommands
import StrataTraining
import Synchronization
import Testing

/// What a command wrote and returned.
struct Outcome {
  var code: Int32
  var output: String
  var errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Text that a console's closures append to.
private final class Recorder: Sendable {
  private let text = Mutex("")
  func append(_ part: String) { text.withLock { $0 += part } }
  var value: String { text.withLock { $0 } }
}

/// Runs a command in this process and records what it writes.
func strata(
  _ arguments: String..., terminalWidth: Int? = nil, catalog: Catalog = .builtIn
) -> Outcome {
  strata(arguments, terminalWidth: terminalWidth, catalog: catalog)
}

func strata(
  _ arguments: [String], terminalWidth: Int? = nil, catalog: Catalog = .builtIn
) -> Outcome {
  let (output, errors) = (Recorder(), Recorder())
  let console = Console(
    write: output.append, writeError: errors.append, terminalWidth: terminalWidth,
    isColored: terminalWidth != nil)
  let code = StrataTool(catalog: catalog).run(arguments, console: console)
  return Outcome(code: code, output: output.value, errors: errors.value)
}

func fixturePath(_ name: String) -> String {
  URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/\(name)").path
}

/// Runs `body` with a new directory that is removed afterwards.
func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("strata-commands-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  return try body(directory)
}

func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

func readText(_ path: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
}

/// A report as the JSON object that was printed.
func json(_ text: String) throws -> [String: Any] {
  let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
  return try #require(object as? [String: Any])
}
