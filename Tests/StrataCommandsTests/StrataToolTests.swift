import StrataCommands
import Testing

@Suite struct StrataToolTests {
  @Test func helpGoesToStandardOutput() {
    let outcome = strata("--help")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("USAGE: strata <subcommand>"))
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: ["inspect", "predict", "verify", "convert", "fit", "replay", "conform", "plot"])
  func everySubcommandHasHelp(_ name: String) {
    let outcome = strata(name, "--help")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("USAGE: strata \(name) "))
    #expect(outcome.output.contains("--json"))
  }

  @Test func aWrongCommandLineIsNoFailureOfTheCommand() {
    let outcome = strata("inspect")
    #expect(outcome.code == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: Missing expected argument '<file>'\n"))
    #expect(strata("nonsense").code == 64)
    #expect(strata("inspect", "a", "--unknown").code == 64)
  }
}
