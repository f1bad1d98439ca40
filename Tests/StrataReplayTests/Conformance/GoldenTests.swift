import Foundation
import StrataReplay
import StrataSemantics
import TestSupport
import Testing

/// Where the recorded traces of a kind are.
enum Golden {
  static func folders(_ kind: String) -> [String] {
    guard let folder = RecordedTraces.folder else { return [] }
    let releases = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return releases.sorted().map { "\(folder)/\($0)/\(kind)" }.filter {
      FileManager.default.fileExists(atPath: $0)
    }
  }
}

@Suite struct GoldenTests {
  @Test(.enabled(if: RecordedTraces.folder != nil), arguments: ["optimizers", "losses"])
  func noTraceDiffers(_ kind: String) {
    let results = Golden.folders(kind).flatMap { ConformanceSuite.builtIn.run(folder: $0) }
    #expect(!results.isEmpty)
    for result in results {
      if case .differs = result.verdict { Issue.record("\(result)") }
    }
    for summary in ConformanceSummary.of(results) {
      print(
        summary.release, summary.axis?.rawValue ?? "-", "agree", summary.agrees, "differ",
        summary.differs, "unknown", summary.unknown, "by Float64", summary.decidedByShadow,
        "largest", summary.largestRelativeError)
    }
    for result in results where result.usedShadow { print(result) }
  }
}
