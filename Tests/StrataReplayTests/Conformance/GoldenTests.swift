import Foundation
import StrataReplay
import Testing

/// All recorded traces, where they are at hand (`../shared/golden`, or `STRATA_GOLDEN`).
enum Golden {
  static let folder: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path =
      ProcessInfo.processInfo.environment["STRATA_GOLDEN"]
      ?? root.deletingLastPathComponent().appendingPathComponent("shared/golden").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  static func folders(_ kind: String) -> [String] {
    guard let folder else { return [] }
    let releases = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return releases.sorted().map { "\(folder)/\($0)/\(kind)" }.filter {
      FileManager.default.fileExists(atPath: $0)
    }
  }
}

@Suite struct GoldenTests {
  @Test(.enabled(if: Golden.folder != nil), arguments: ["optimizers", "losses"])
  func noTraceDiffers(_ kind: String) {
    let results = Golden.folders(kind).flatMap { ConformanceSuite.builtIn.run(folder: $0) }
    for summary in ConformanceSummary.of(results) { print("SUMMARY", kind, summary) }
    for result in results {
      if case .agrees = result.verdict { continue }
      print("RESULT", result)
    }
    let differing = results.filter {
      if case .differs = $0.verdict { true } else { false }
    }
    #expect(differing.isEmpty)
  }
}
