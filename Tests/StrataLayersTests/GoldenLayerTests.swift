import Foundation
import StrataCore
import Testing

/// Agreement with traces recorded from real releases of Keras.
@Suite struct GoldenLayerTests {
  /// Traces copied to the project: `Tests/Fixtures/layers/<release>/<case>.h5`.
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/layers").standardized

  /// Every trace of the handed-over material, where it is: beside the project, or where
  /// `STRATA_GOLDEN` says.
  private static let golden =
    ProcessInfo.processInfo.environment["STRATA_GOLDEN"].map { URL(filePath: $0) }
    ?? URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/golden").standardized

  static func traces(_ folder: URL, inside: String = "") -> [String] {
    let releases = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return releases.sorted().flatMap { release -> [String] in
      let cases = folder.appending(path: release).appending(path: inside)
      let files = (try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []
      return files.sorted().filter { $0.hasSuffix(".h5") }.map { cases.path + "/" + $0 }
    }
  }

  @Test(arguments: traces(fixtures)) func agreesWithTheRealRelease(_ path: String) throws {
    for (what, error) in try LayerTrace(path: path).errors() {
      #expect(error < 1e-5, "\(path): \(what)")
    }
  }

  @Test func thereAreFixtures() { #expect(Self.traces(Self.fixtures).count > 20) }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: golden.path)))
  func agreesWithAllTraces() throws {
    for path in Self.traces(Self.golden, inside: "layers") {
      do {
        let worst = try LayerTrace(path: path).errors().max { $0.error < $1.error }
        guard let worst else { continue }
        #expect(worst.error < 1e-5, "\(path): \(worst.what)")
        if ProcessInfo.processInfo.environment["STRATA_REPORT"] != nil {
          print("GOLDEN \(path) \(worst.error) \(worst.what)")
        }
      } catch is TraceSkipped {
        continue
      } catch let error as UnknownNameError where error.kind == "activation" {
        continue
      }
    }
  }
}
