import Foundation

/// The epochs of one training: what a log or a file tells of them.
struct RunHistory: Encodable, Equatable {
  /// How the run is called in a legend.
  var name: String
  var epochs: [Int]
  /// In the order of the source; a value for each epoch.
  var columns: [Column]

  struct Column: Encodable, Equatable {
    var metric: String
    /// NaN where an epoch has no value.
    var values: [Double]
  }

  subscript(_ metric: String) -> [Double]? {
    columns.first { $0.metric == metric }?.values
  }
}

extension RunHistory {
  /// The history in a CSV log as `CSVLogger` writes it: a column `epoch`, a column for each metric.
  init(csv text: String, path: String) throws(CommandError) {
    let rows = text.split(whereSeparator: \.isNewline)
    guard let header = rows.first else {
      throw Self.unreadable(path, "a header and a row for each epoch", "the file is empty")
    }
    let separator = header.first { ",;\t".contains($0) } ?? ","
    func fields(_ row: Substring) -> [String] {
      row.split(separator: separator, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
      }
    }
    let names = fields(header)
    guard let position = names.firstIndex(of: "epoch"), names.count > 1 else {
      throw Self.unreadable(
        path, "an HDF5 file with a history, or a CSV log with a column \"epoch\"",
        "the first line is \"\(header.prefix(60))\"")
    }
    let cells = rows.dropFirst().map(fields)
    for (index, row) in cells.enumerated()
    where row.count != names.count || Int(row[position]) == nil {
      throw Self.unreadable(
        path, "\(names.count) fields in line \(index + 2), with a whole number as epoch",
        "it is \"\(rows[index + 1].prefix(60))\"")
    }
    name = Self.shortName(path)
    epochs = cells.compactMap { Int($0[position]) }
    columns = names.indices.filter { $0 != position }.map { column in
      Column(metric: names[column], values: cells.map { Double($0[column]) ?? .nan })
    }
  }

  /// The file's name without directory and endings.
  static func shortName(_ path: String) -> String {
    var name = URL(fileURLWithPath: path).lastPathComponent
    for ending in [".csv", ".log", ".h5", ".hdf5", ".run"] where name.hasSuffix(ending) {
      name.removeLast(ending.count)
    }
    return name.isEmpty ? path : name
  }

  private static func unreadable(
    _ path: String, _ expected: String, _ found: String
  ) -> CommandError {
    CommandError(command: "plot", subject: path, expected: expected, found: found)
  }
}
