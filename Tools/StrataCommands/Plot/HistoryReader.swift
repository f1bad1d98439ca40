import Foundation
import StrataReplay
import StrataTraining

/// Reads histories from whatever kind of file holds one.
struct HistoryReader {
  var catalog: Catalog

  /// The histories of several files, with names that differ.
  func read(_ paths: [String]) throws -> [RunHistory] {
    var histories = try paths.map(read)
    let names = histories.map(\.name)
    for index in histories.indices where names.filter({ $0 == names[index] }).count > 1 {
      histories[index].name = paths[index]
    }
    return histories
  }

  private func read(_ path: String) throws -> RunHistory {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError(
        command: "plot", subject: path, expected: "a file that can be read",
        found: FileManager.default.fileExists(atPath: path) ? "it cannot" : "there is none")
    }
    if data.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      return RunHistory(try RunFile(contentsOf: path, catalog: catalog), path: path)
    }
    return try RunHistory(csv: String(decoding: data, as: UTF8.self), path: path)
  }
}

extension RunHistory {
  /// The history of a recorded run.
  init(_ run: RunFile, path: String) {
    let record = run.record
    self.init(
      name: Self.shortName(path), epochs: record.epochs,
      columns: record.historyKeys.map { key in
        let values = run.history[key] ?? []
        let missing = [Double](repeating: .nan, count: max(0, record.epochs.count - values.count))
        return Column(metric: key, values: values + missing)
      })
  }
}
