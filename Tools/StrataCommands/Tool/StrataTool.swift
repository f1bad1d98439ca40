import ArgumentParser
import Foundation
internal import StrataReplay
public import StrataTraining

/// The command line tool, with what a package adds to it.
///
///     StrataTool().main()
public struct StrataTool: Sendable {
  /// By which the names in files and options are found; plug-ins make a larger one.
  public var catalog: Catalog

  public init(catalog: Catalog = .builtIn) { self.catalog = catalog }

  /// Runs the command of the process's arguments and ends the process with its exit code.
  public func main() -> Never {
    exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs one command.
  ///
  /// - Parameters:
  ///   - arguments: The words after the tool's name.
  ///   - console: Where the command writes.
  /// - Returns: The exit code: 0; 1 where something failed or differs; 64 for a wrong command line.
  public func run(_ arguments: [String], console: Console = .standard) -> Int32 {
    do {
      var command = try StrataCommand.parseAsRoot(arguments)
      if let command = command as? any ReportingCommand {
        try command.run(in: CommandContext(console: console, catalog: catalog))
      } else {
        try command.run()
      }
      return 0
    } catch is Difference {
      return 1
    } catch {
      return report(error, to: console)
    }
  }

  private func report(_ error: any Error, to console: Console) -> Int32 {
    let code = StrataCommand.exitCode(for: error)
    let message = StrataCommand.fullMessage(for: error)
    switch code {
    case .success:
      console.print(message)
    case .validationFailure:
      console.printError(message)
    default:
      console.printError("Error: \(error)")
    }
    return code == .success || code == .validationFailure ? code.rawValue : 1
  }
}

struct StrataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strata",
    abstract: "Train, inspect, verify and replay models, under the numerics of a chosen release.",
    version: "strata \(StrataRelease.version), \(StrataRelease.numerics)",
    subcommands: [
      InspectCommand.self, PredictCommand.self, VerifyCommand.self, ConvertCommand.self,
      FitCommand.self, ReplayCommand.self, ConformCommand.self,
      PlotCommand.self, ExplainCommand.self, AttributeCommand.self,
    ])
}
