import Foundation
import StrataSemantics

/// The recorded traces under some paths: their files, and the release that each counts for.
struct TraceListing {
  struct Entry: Equatable {
    var path: String
    /// The folder's axis; nil where the folder is not named after one.
    var axis: Axis?
    /// For a trace that stands under another release only: the release it counts for.
    var release: String?
  }

  private(set) var entries: [Entry] = []

  /// - Parameters:
  ///   - paths: Folders, searched to the bottom, or single files.
  ///   - axes: The axes wanted; empty: all. A file whose axis is not known is always kept.
  /// - Throws: `CommandError` for a path that does not exist or holds nothing.
  init(_ paths: [String], axes: Set<Axis>) throws {
    for path in paths {
      let found = try Self.files(path) + Self.absent(path)
      guard !found.isEmpty else {
        throw CommandError(
          command: "conform", subject: path, expected: "recorded traces", found: "there are none")
      }
      entries += found.filter { entry in
        guard let axis = entry.axis, !axes.isEmpty else { return true }
        return axes.contains(axis)
      }
    }
  }

  private static let folders: [String: Axis] = [
    "optimizers": .optimizer, "losses": .loss, "layers": .layer, "metrics": .metric, "fit": .fit,
    "callbacks": .callback, "files": .file,
  ]

  /// The axis of a file, by the nearest folder above that is named after one.
  static func axis(of path: String) -> Axis? {
    let parts = URL(fileURLWithPath: path).standardizedFileURL.pathComponents.dropLast()
    return parts.reversed().lazy.compactMap { folders[$0] }.first
  }

  private static func files(_ path: String) throws -> [Entry] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandError(
        command: "conform", subject: path, expected: "a folder or a file", found: "there is none")
    }
    guard isFolder.boolValue else { return [Entry(path: path, axis: axis(of: path))] }
    let names = FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []
    return names.sorted().map { path + "/" + $0 }.filter(isTrace).map {
      Entry(path: $0, axis: axis(of: $0))
    }
  }

  /// Whether a file of a folder is a trace by itself, and not an input or a part of one.
  private static func isTrace(_ path: String) -> Bool {
    let name = URL(fileURLWithPath: path).lastPathComponent
    switch axis(of: path) {
    case .callback: return name.hasSuffix(".json")
    // A saved file stands with its inputs and outputs, by which it is judged.
    case .file: return name.hasSuffix(".io.h5")
    default:
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent
      return name.hasSuffix(".h5") && name != "inputs.h5" && folder != "common"
    }
  }
}

extension TraceListing {
  /// The traces that a list of equal files (`same-as.json`, in a folder above) names under a path.
  private static func absent(_ path: String) throws -> [Entry] {
    let whole = URL(fileURLWithPath: path).standardizedFileURL
    for root in [whole, whole.deletingLastPathComponent()]
      + [whole.deletingLastPathComponent().deletingLastPathComponent()]
    {
      let list = root.appendingPathComponent("same-as.json")
      guard let data = try? Data(contentsOf: list) else { continue }
      let pairs = try JSONDecoder().decode([String: String].self, from: data)
      return pairs.sorted { $0.key < $1.key }.compactMap { missing, present in
        let file = root.appendingPathComponent(missing).path
        guard file == whole.path || file.hasPrefix(whole.path + "/") else { return nil }
        return Entry(
          path: root.appendingPathComponent(present).path, axis: axis(of: missing),
          release: missing.split(separator: "/").first.map(String.init))
      }
    }
    return []
  }
}
