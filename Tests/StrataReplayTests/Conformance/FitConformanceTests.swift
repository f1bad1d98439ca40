import Foundation
import StrataReplay
import TestSupport
import Testing

@Suite struct FitConformanceTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  @Test(arguments: [
    "keras-1.2.0-mlp_adam", "keras-0.3.3-mlp_bn_adam", "keras-1.2.0-mlp_bn_adam",
    "keras-0.3.3-lstm_sgd",
  ])
  func recordedTrainingsAgree(_ name: String) {
    let runner = FitConformance(data: Self.fixtures.appending(path: "digits.h5").path)
    let suite = ConformanceSuite([runner])
    let result = suite.run(file: Self.fixtures.appending(path: "fit/\(name).h5").path)
    #expect(result.verdict == .agrees, "\(result)")
  }

  /// All recorded trainings, where they are at hand (`STRATA_GOLDEN=FOLDER`).
  @Test(.enabled(if: RecordedTraces.folder != nil))
  func allRecordedTrainings() {
    let golden = RecordedTraces.folder ?? ""
    let only = ProcessInfo.processInfo.environment["STRATA_ONLY"] ?? ""
    let releases = ((try? FileManager.default.contentsOfDirectory(atPath: golden)) ?? []).sorted()
    let suite = ConformanceSuite([FitConformance()])
    for release in releases where release.hasPrefix(only) {
      for result in suite.run(folder: "\(golden)/\(release)/fit") { print(result) }
    }
  }
}
