import Foundation
import StrataHDF5
import StrataKeras
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
      return try readHDF5(path)
    }
    return try RunHistory(csv: String(decoding: data, as: UTF8.self), path: path)
  }

  private func readHDF5(_ path: String) throws -> RunHistory {
    let attributes = try HDF5File.open(path).root.attributes
    if try attributes.contains("strata_run") {
      let run = try RunFile(contentsOf: path, catalog: catalog)
      return RunHistory(run.record, run.history, path: path)
    }
    guard try attributes.contains(KerasFile.provenanceAttribute) else {
      throw CommandError(
        command: "plot", subject: path, expected: "a recorded run or a model with its provenance",
        found: "the file holds no history")
    }
    let provenance = try Provenance(
      text: try attributes.string(KerasFile.provenanceAttribute), catalog: catalog)
    return RunHistory(provenance.record, provenance.history, path: path)
  }
}

extension RunHistory {
  /// The history of a record.
  init(_ record: RunRecord, _ history: [String: [Double]], path: String) {
    self.init(
      name: Self.shortName(path), epochs: record.epochs,
      columns: record.historyKeys.map { key in
        let values = history[key] ?? []
        return Column(
          metric: key,
          values: record.epochs.map { record.value(of: key, after: $0, in: values) ?? .nan })
      })
  }
}
