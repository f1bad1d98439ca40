import Foundation
import Testing

@Suite struct PlotTests {
  private let log = """
    epoch,acc,loss,val_loss
    0,0.25,2.0,2.5
    1,0.5,1.0,nan
    2,0.75,0.5,1.0
    3,0.875,0.25,0.75

    """

  private func withLog(_ text: String? = nil, _ body: (String, String) throws -> Void) throws {
    try withDirectory { directory in
      let path = directory + "/first.csv"
      try write(text ?? log, to: path)
      try body(path, directory)
    }
  }

  @Test func writesWellFormedSVG() throws {
    try withLog { path, directory in
      let second = directory + "/a & <b>.csv"
      try write(log, to: second)
      let picture = directory + "/curves.svg"
      let outcome = strata("plot", path, second, "--output", picture)
      #expect(outcome.code == 0)
      #expect(outcome.output == "\(picture): loss, acc\n")
      let text = try readText(picture)
      let outline = try SVGOutline(text)
      #expect(outline.root == "svg")
      // The gap of val_loss cuts its curve into a dot and a line, in both runs.
      #expect(outline.counts["circle"] == 2)
      #expect(outline.counts["polyline"] == 6)
      #expect(outline.texts.contains("a & <b>"))
      #expect(outline.texts.contains("validation"))
      #expect(!text.contains("nan") && !text.contains("href"))
    }
  }

  @Test func curvesLieInsideThePicture() throws {
    try withLog { path, directory in
      let picture = directory + "/curves.svg"
      _ = strata("plot", path, "-o", picture, "--metric", "loss")
      let outline = try SVGOutline(try readText(picture))
      let points = try #require(outline.points.first)
      #expect(points.count == 4)
      #expect(points.first?.x == 76)
      #expect(points.last?.x == 836)
      // Falling losses rise in a picture's downward coordinates.
      #expect(zip(points, points.dropFirst()).allSatisfy { $0.y < $1.y })
    }
  }

  @Test func drawsBrailleOnATerminalOfAnyWidth() throws {
    try withLog { path, _ in
      let narrow = strata("plot", path, "--metric", "loss")
      #expect(narrow.lines.first == "     loss")
      #expect(narrow.lines[1] == "2.0 ┤⠉⠒⠤⣀")
      #expect(narrow.lines[12] == "0.0 ┤")
      #expect(narrow.lines.allSatisfy { $0.count <= 80 })
      #expect(narrow.lines.last == "     first loss")
      let wide = strata("plot", path, "--metric", "loss", terminalWidth: 100)
      #expect(wide.output.contains("\u{1B}[34m"))
    }
  }

  @Test func severalCurvesWithoutColoursAreLetters() throws {
    try withLog { path, _ in
      let outcome = strata("plot", path, "--metric", "loss", "--metric", "val_loss")
      #expect(outcome.lines.suffix(2) == ["     a  first loss", "     b  first val_loss"])
    }
  }

  @Test func jsonHoldsTheCurves() throws {
    try withLog { path, _ in
      let report = try json(strata("plot", path, "--metric", "val_loss", "--json").output)
      let panels = try #require(report["panels"] as? [[String: Any]])
      let series = try #require(panels.first?["series"] as? [[String: Any]])
      let values = try #require(series.first?["values"] as? [Any])
      #expect(values[0] as? Double == 2.5)
      #expect(values[1] as? String == "nan")
      #expect(series.first?["isValidation"] as? Bool == true)
    }
  }

  @Test func anUnknownMetricIsNamedWithTheKnown() throws {
    try withLog { path, _ in
      let outcome = strata("plot", path, "--metric", "lose")
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "Error: plot: --metric lose: expected one of acc, loss, val_loss, "
          + "but no run has it.\n")
    }
  }

  @Test func aDamagedLineIsNamed() throws {
    try withLog("epoch,loss\n0,1.5\n1\n") { path, _ in
      #expect(
        strata("plot", path).errors
          == "Error: plot: \(path): expected 2 fields in line 3, with a whole number as epoch, "
          + "but it is \"1\".\n")
    }
  }

  @Test func anUnwritablePathIsAnError() throws {
    try withLog { path, directory in
      let outcome = strata("plot", path, "-o", directory + "/no/such/place.svg")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("expected a path that can be written, but "))
    }
  }

  @Test func aMissingLogIsAnError() {
    #expect(
      strata("plot", "nowhere.csv").errors
        == "Error: plot: nowhere.csv: expected a file that can be read, but there is none.\n")
  }
}
