import Foundation
import StrataHDF5
import Testing

@Suite struct ConformTests {
  private let traces = fixturePath("conformance")

  @Test func tracesOfAReleaseAgree() throws {
    let outcome = strata("conform", fixturePath("callbacks/keras-1.2.0"), "--json")
    let report = try json(outcome.output)
    let rows = try #require(report["summary"] as? [[String: Any]])
    #expect(rows.count == 1)
    #expect(rows.first?["release"] as? String == "keras-1.2.0")
  }

  @Test func aFileOfAnUnknownKindIsNotAgreement() throws {
    try withDirectory { directory in
      let path = directory + "/strange.h5"
      let file = try HDF5File.create(path)
      try file.root.attributes.set("meta", to: "{\"case\": \"strange\"}")
      try file.close()
      let outcome = strata("conform", path)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("unknown: keras-? ? strange: no runner for"))
    }
  }

  @Test func anUnknownAxisIsNamedWithTheKnown() {
    let outcome = strata("conform", "x", "--only", "optimisers")
    #expect(outcome.code == 64)
    #expect(
      outcome.errors.contains(
        "expected optimizers, losses, callbacks, fit, layers, files, metrics, "
          + "but got \"optimisers\"."))
  }

  @Test func aMissingPathIsAnError() {
    let outcome = strata("conform", "nowhere")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "Error: conform: nowhere: expected a folder or a file, but there is none.\n")
  }

  @Test func aFolderWithoutTracesIsAnError() throws {
    try withDirectory { directory in
      #expect(
        strata("conform", directory).errors
          == "Error: conform: \(directory): expected recorded traces, but there are none.\n")
    }
  }
}
