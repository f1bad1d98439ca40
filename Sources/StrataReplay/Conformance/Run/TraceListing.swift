import Foundation

/// The files to run under a path: all but those that are parts of others, or lists.
struct TraceListing {
  struct Entry: Hashable {
    var path: String
    /// For a file that stands for an absent one: the release of that.
    var release: String?
    /// Whether the file itself was named, and not a folder.
    var isNamed = false
  }

  private(set) var entries: [Entry] = []

  /// - Throws: `TraceError` for a path that does not exist or holds nothing.
  init(_ path: String) throws(TraceError) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let absent = Self.absent(under: path)
    guard exists || !absent.isEmpty else {
      throw TraceError(file: path, expected: "a trace or a folder of traces", found: "no such file")
    }
    if exists {
      entries = isFolder.boolValue ? Self.files(under: path) : [Entry(path: path, isNamed: true)]
    }
    entries += absent
    guard !entries.isEmpty else {
      throw TraceError(file: path, expected: "recorded traces", found: "a folder without any")
    }
  }

  // MARK: Folders

  private static func files(under path: String) -> [Entry] {
    let names = FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []
    let files = names.sorted().filter { name in
      var isFolder: ObjCBool = false
      FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
      return !isFolder.boolValue && !isBesideTheMatter(name)
    }
    let saved = Set(files.filter { $0.hasSuffix(".io.h5") }.map { $0.dropLast(".io.h5".count) })
    return files.filter { !isPart($0, of: saved) }.map { Entry(path: "\(path)/\($0)") }
  }

  /// Texts for people, lists, hidden files, and inputs that several releases share.
  private static func isBesideTheMatter(_ name: String) -> Bool {
    let parts = name.split(separator: "/").map(String.init)
    let last = parts.last ?? ""
    let lists = ["same-as.json", "not_available.json", "index.json", "index-old.json"]
    return last.hasSuffix(".md") || last.hasPrefix(".") || lists.contains(last)
      || last == "index-new.json" || parts.dropLast().last == "common"
  }

  /// Whether a file is one that a trace `NAME.io.h5` beside it tells of: `NAME.…`.
  private static func isPart(_ name: String, of saved: Set<Substring>) -> Bool {
    guard !name.hasSuffix(".io.h5"), let slash = name.lastIndex(of: "/") ?? name.indices.first
    else { return false }
    guard let dot = name[slash...].firstIndex(of: ".") else { return false }
    return saved.contains(name[..<dot])
  }

  // MARK: Absent files

  /// The traces that a list of equal files (`same-as.json`, here or in a folder above) names under
  /// a path.
  private static func absent(under path: String) -> [Entry] {
    let whole = URL(fileURLWithPath: path).standardizedFileURL
    var root = whole
    for _ in 0..<4 {
      let list = root.appendingPathComponent("same-as.json")
      if let data = try? Data(contentsOf: list),
        let pairs = try? JSONDecoder().decode([String: String].self, from: data)
      {
        return pairs.sorted { $0.key < $1.key }.compactMap { missing, present in
          let file = root.appendingPathComponent(missing).path
          guard file == whole.path || file.hasPrefix(whole.path + "/") else { return nil }
          return Entry(
            path: root.appendingPathComponent(present).path,
            release: missing.split(separator: "/").first.map(String.init))
        }
      }
      root.deleteLastPathComponent()
    }
    return []
  }
}
