import Foundation

/// Columns of text.
enum TextTable {
  /// Rows with their cells filled to the width of the column; numbers stand at its right.
  static func lines(_ rows: [[String]], numeric: ClosedRange<Int>) -> [String] {
    guard let first = rows.first else { return [] }
    let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return numeric.contains(column) ? padding + cell.0 : cell.0 + padding
      }
      return trimmed(cells.joined(separator: "  "))
    }
  }

  /// A line without spaces at its end.
  static func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// A number with two digits: `3.1e-07`.
  static func short(_ value: Double) -> String {
    value == 0 ? "0" : String(format: "%.1e", value)
  }
}
