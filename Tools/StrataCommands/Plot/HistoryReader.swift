import Foundation

/// Reads histories from whatever kind of file holds one.
enum HistoryReader {
  /// The histories of several files, with names that differ.
  static func read(_ paths: [String]) throws -> [RunHistory] {
    var histories = try paths.map(read)
    let names = histories.map(\.name)
    for index in histories.indices where names.filter({ $0 == names[index] }).count > 1 {
      histories[index].name = paths[index]
    }
    return histories
  }

  private static func read(_ path: String) throws -> RunHistory {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError(
        command: "plot", subject: path, expected: "a file that can be read",
        found: FileManager.default.fileExists(atPath: path) ? "it cannot" : "there is none")
    }
    return try RunHistory(csv: String(decoding: data, as: UTF8.self), path: path)
  }
}
