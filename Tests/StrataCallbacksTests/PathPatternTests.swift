import StrataCallbacks
import StrataCore
import Testing

@Suite struct PathPatternTests {
  static let logs = Logs(["loss": 0.123456789, "big": 1_234_567.891, "nan": .nan, "neg": -0.5])

  /// The right-hand sides are what CPython 3.12 gives.
  @Test(arguments: [
    ("w.{epoch:02d}-{loss:.3f}.h5", "w.07-0.123.h5"), ("{epoch}", "7"), ("{epoch:05d}", "00007"),
    ("{epoch:>4}|", "   7|"), ("{epoch:<4}|", "7   |"), ("{epoch:*^5d}", "**7**"),
    ("{epoch:+d}", "+7"), ("{epoch:.1f}", "7.0"), ("{loss}", "0.123456789"),
    ("{loss:e}", "1.234568e-01"),
    ("{loss:.2e}", "1.23e-01"), ("{loss:.3g}", "0.123"), ("{loss:.2%}", "12.35%"),
    ("{loss:8.2f}|", "    0.12|"), ("{loss:08.2f}", "00000.12"), ("{loss:<8.2f}|", "0.12    |"),
    ("{loss:.2}", "0.12"), ("{big:,.1f}", "1,234,567.9"), ("{big:g}", "1.23457e+06"),
    ("{big:.3}", "1.23e+06"), ("{neg:07.2f}", "-000.50"), ("{neg:=7.2f}", "-  0.50"),
    ("{nan:.3f}", "nan"), ("{nan:06.2f}", "000nan"), ("{loss:.1E}", "1.2E-01"),
    ("{{x}}{epoch}", "{x}7"),
  ])
  func formatsLikePython(_ pattern: String, _ path: String) throws {
    #expect(try PathPattern(pattern).path(epoch: 7, Self.logs) == path)
  }

  @Test(arguments: ["{", "}", "{epoch", "{:d}", "{epoch:q}", "{epoch:.f}", "{epoch:2d3}"])
  func rejectsWhatIsNoPattern(_ pattern: String) {
    let error = #expect(throws: HyperparameterError.self) { try PathPattern(pattern) }
    #expect(
      error?.description
        == "path: pattern must be made of text and fields such as {epoch:02d} or "
        + "{val_loss:.3f}, but got \"\(pattern)\".")
  }

  @Test func rejectsADecimalFormatOfALog() throws {
    let pattern = try PathPattern("{loss:d}")
    #expect(throws: HyperparameterError.self) { try pattern.path(epoch: 0, Self.logs) }
  }

  @Test func namesTheFieldsThatThereAre() throws {
    let pattern = try PathPattern("{val_acc:.2f}.h5")
    let error = #expect(throws: HyperparameterError.self) {
      try pattern.path(epoch: 0, Logs(["loss": 1]))
    }
    #expect(
      error?.description
        == "path \"{val_acc:.2f}.h5\": {val_acc} must be epoch, loss, but got val_acc.")
  }
}
