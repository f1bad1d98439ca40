import Foundation
import StrataReplay
import StrataTensor
import Testing

/// The frozen digests of `numerics@1`: a line for each small run, only ever added to.
///
/// STRATA_ADD_DIGESTS=1 appends lines for runs that have none.
struct FrozenDigests {
  static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/numerics/numerics@1.tsv")

  static let recorded: [String: String] = {
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
      let parts = line.split(separator: "\t").map(String.init)
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
    return Dictionary(pairs) { first, _ in first }
  }()

  private static let adds = ProcessInfo.processInfo.environment["STRATA_ADD_DIGESTS"] == "1"

  /// Compares a digest with the frozen one; `place` says where it was computed.
  static func check(_ digest: Digest, of name: String, _ place: String) {
    guard let frozen = recorded[name] else {
      if adds { return append(name, digest) }
      Issue.record("\(name): no digest in \(file.lastPathComponent); STRATA_ADD_DIGESTS=1 adds it")
      return
    }
    #expect(
      digest.description == frozen,
      """
      \(name) has another result (\(place)). numerics@1 is frozen: a result that differs in any bit \
      needs a new contract version, numerics@2 (Documentation/Numerics.md).
      """)
  }

  private static func append(_ name: String, _ digest: Digest) {
    let old = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard !old.contains("\(name)\t") else { return }
    try? (old + "\(name)\t\(digest)\n").write(to: file, atomically: true, encoding: .utf8)
  }
}
