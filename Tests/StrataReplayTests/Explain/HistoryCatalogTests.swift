import Foundation
import StrataReplay
import StrataSemantics
import Testing

/// The registry is complete and its identifiers are known.
@Suite struct HistoryCatalogTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func sources() throws -> [(path: String, text: String)] {
    let folder = root.appending(path: "Sources")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let paths = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
    return try paths.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }

  /// Every `History(…)` written in the sources is in the catalog.
  @Test func noHistoryIsForgotten() throws {
    let settings = HistoryCatalog.builtIn.settings
    let declaration = /History(?:<[^>\n]+>)?\(\s*"([^"\n]+)"/
    var found = 0
    for (path, text) in try Self.sources() {
      for match in text.matches(of: declaration) {
        let name = String(match.1)
        found += 1
        let isListed =
          name.hasPrefix("\\(")
          ? settings.contains { $0.hasSuffix(name.drop { $0 != ")" }.dropFirst()) }
          : settings.contains(name)
        #expect(isListed, "\(path): the history \(name) is not in HistoryCatalog")
      }
    }
    #expect(found > 80)
  }

  /// Every owner that takes a shared history is in the catalog with it.
  @Test func sharedHistoriesAreListedByOwner() throws {
    let settings = HistoryCatalog.builtIn.settings
    let use = /(?:SharedHistory\.(epsilon|complement)|EpsilonPlace\.(history))\(\s*"(\w+)"/
    var found = 0
    for (path, text) in try Self.sources() {
      for match in text.matches(of: use) {
        found += 1
        let kind = match.1.map(String.init) ?? "epsilonPlace"
        #expect(settings.contains("\(match.3).\(kind)"), "\(path): \(match.3).\(kind)")
      }
    }
    #expect(found > 5)
  }

  private static func lines(_ name: String) throws -> [[Substring]] {
    let url = root.appending(path: "Tests/Fixtures/semantics/\(name)")
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t")
    }
  }

  /// Every identifier is one of the published history, or is listed as our own with its reason.
  @Test func identifiersAreKnown() throws {
    let published = Set(try Self.lines("ids.txt").map { String($0[0]) })
    let own = try Self.lines("own-ids.tsv")
    #expect(own.allSatisfy { $0.count == 2 && $0[1].count > 10 })
    let ownIDs = Set(own.map { String($0[0]) })
    #expect(ownIDs.isDisjoint(with: published))
    for id in HistoryCatalog.builtIn.changeIDs {
      #expect(published.contains(id) || ownIDs.contains(id), "\(id) is in neither list")
    }
    // Nothing is listed that does not occur.
    let backend = ownIDs.filter { $0.hasPrefix("backend-") }
    #expect(ownIDs.subtracting(backend).isSubset(of: HistoryCatalog.builtIn.changeIDs))
  }

  /// The registry page says "history" of exactly the rows that have one, and counts them.
  @Test func theRegistryPageIsRight() throws {
    let url = Self.root.appending(path: "Documentation/registry-rows.tsv")
    let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst()
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    let changes = HistoryCatalog.builtIn.changeIDs
    for row in rows {
      #expect(row.count == 6 && (row[4] == "history" || row[5].count > 8), "\(row[0])")
      #expect((row[4] == "history") == changes.contains(row[0]), "\(row[0])")
    }
    let page = try String(
      contentsOf: Self.root.appending(path: "Documentation/Registry.md"), encoding: .utf8)
    let count = rows.count { $0[4] == "history" }
    #expect(page.contains("| a setting with a history | \(count) |"))
    #expect(page.contains("| all | \(rows.count) |"))
  }

  /// A setting's entries stand in the order of releases, each with another value.
  @Test func entriesAreInOrder() {
    for owner in HistoryCatalog.builtIn.owners {
      for history in owner.histories {
        let releases = history.timeline.map(\.since)
        #expect(releases == releases.sorted(), "\(history.setting)")
        #expect(Set(releases).count == releases.count, "\(history.setting)")
      }
    }
  }
}
