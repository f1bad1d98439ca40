import ArgumentParser
import Foundation

/// A subcommand: it reports to the context's console and throws what went wrong.
protocol ReportingCommand: ParsableCommand {
  func run(in context: CommandContext) throws
}

extension ReportingCommand {
  /// Runs on standard output, for those who call a command without the tool.
  func run() throws { try run(in: CommandContext()) }
}

/// A finding that is no error but makes the exit code 1; all that is to be said has been printed.
struct Difference: Error {}

/// A report that `--json` prints.
struct ReportOptions: ParsableArguments {
  @Flag(help: "Print the report as one JSON object.") var json = false
}

extension Console {
  /// Prints a value as JSON, keys sorted.
  func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
