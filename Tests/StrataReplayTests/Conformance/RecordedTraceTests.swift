import Foundation
import StrataReplay
import StrataSemantics
import Testing

/// The traces of `Tests/Fixtures`, one for each rule and loss.
@Suite struct RecordedTraceTests {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  static func files(_ kind: String) -> [String] {
    let folder = fixtures.appending(path: kind).path
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".h5") && !$0.hasSuffix("inputs.h5") }.sorted()
      .map { "\(kind)/\($0)" }
  }

  @Test(arguments: files("optimizers") + files("losses"))
  func agreesWithTheRelease(_ file: String) {
    let path = Self.fixtures.appending(path: file).path
    let result = ConformanceSuite.builtIn.run(file: path)
    #expect(result.verdict == .agrees, "\(result)")
    #expect(result.largestValue > 0)
  }

  @Test func thereAreTraces() {
    #expect(Self.files("optimizers").count > 30)
    #expect(Self.files("losses").count > 25)
  }

  @Test func filesOfUnknownKindAreNotInAgreement() {
    let inputs = Self.fixtures.appending(path: "optimizers/keras-0.3.3/inputs.h5").path
    let result = ConformanceSuite.builtIn.run(file: inputs)
    #expect(result.verdict == .unknown("no runner for inputs"))
    let missing = ConformanceSuite.builtIn.run(file: "/nowhere/none.h5")
    guard case .unknown = missing.verdict else {
      Issue.record("a missing file must be unknown")
      return
    }
  }

  /// A rule under the semantics of another release must be found out.
  @Test func anotherReleasesRuleDiffers() throws {
    let path = Self.fixtures.appending(path: "optimizers/keras-0.3.3/rmsprop_default.h5").path
    let other = OptimizerConformance(overriding: ["rmsprop.epsilonPlace": "1.2.0"])
    let result = other.run(try TraceFile(path))
    guard case .differs = result.verdict else {
      Issue.record("expected a difference, but got \(result)")
      return
    }
    #expect(result.largestRelativeError > 1e-5)
  }

  @Test func summariesCountByReleaseAndAxis() {
    let results = ["adam_default", "inputs"].map {
      ConformanceSuite.builtIn.run(
        file: Self.fixtures.appending(path: "optimizers/keras-0.3.3/\($0).h5").path)
    }
    let summaries = ConformanceSummary.of(results)
    #expect(summaries.map(\.agrees) == [1, 0])
    #expect(summaries.map(\.unknown) == [0, 1])
    #expect(summaries.map(\.axis) == [.optimizer, nil])
  }
}
