import Foundation
import StrataReplay

/// An attribution as one HTML page with its curves inside.
struct AttributionPage {
  private let attribution: Attribution
  private let lines: AttributionLines

  init(_ attribution: Attribution) {
    self.attribution = attribution
    lines = AttributionLines(attribution)
  }

  /// The page as a text file.
  var text: String {
    let title = "\(attribution.from) → \(attribution.to)"
    let tables =
      attribution.isEmpty ? "" : attribution.metrics.indices.map(table).joined(separator: "\n")
    let notes = lines.notes.map { "<li>\(Self.escaped($0))</li>" }.joined(separator: "\n")
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>\(Self.escaped(title))</title>
      <style>
      body { font: 15px/1.45 Helvetica, Arial, sans-serif; max-width: 60em; margin: 2em auto; }
      table { border-collapse: collapse; margin: .5em 0 1.5em; width: 100%; }
      th, td { border-bottom: 1px solid #ddd; padding: .25em .6em; text-align: left; }
      td.number { text-align: right; white-space: nowrap; }
      td.verdict { color: #555; white-space: nowrap; }
      svg { max-width: 100%; height: auto; }
      </style></head><body>
      <h1>Why the results differ</h1>
      <p>\(Self.escaped(lines.heading))</p>
      <ul>
      \(notes)
      </ul>
      \(tables)
      <h2>Curves</h2>
      \(curves)
      <h2>The changes</h2>
      \(changes)
      </body></html>

      """
  }

  private func table(_ metric: Int) -> String {
    let rows = lines.rows(metric).map { row in
      "<tr><td>\(Self.escaped(row[0]))</td><td class=\"number\">\(Self.escaped(row[1]))</td>"
        + "<td class=\"number\">\(Self.escaped(row[2]))</td>"
        + "<td class=\"verdict\">\(Self.escaped(row[3]))</td></tr>"
    }
    let header = lines.header.map { "<th>\(Self.escaped($0))</th>" }.joined()
    return "<h2>\(Self.escaped(lines.title(metric)))</h2>\n<table><tr>\(header)</tr>\n"
      + rows.joined(separator: "\n") + "\n</table>"
  }

  private var changes: String {
    attribution.rows.map { row in
      let unit = row.change.unit
      let details = row.change.details.map { ExplanationLines.text($0) }
      let entries = unit.changes.map { entry in
        (entry.since.map { "\($0): " } ?? "") + "\(entry.id): \(entry.explanation)"
      }
      let items = (details + entries).map { "<li>\(Self.escaped($0))</li>" }.joined()
      return "<h3>\(Self.escaped(unit.setting))</h3><ul>\(items)</ul>"
    }.joined(separator: "\n")
  }

  /// Both releases, and the changes that matter most put in alone.
  private var curves: String {
    var runs = [
      Self.history(attribution.from, attribution.histories[0]),
      Self.history(attribution.to, attribution.histories[1]),
    ]
    for row in attribution.rows.filter({ !$0.movesNothing && $0.failure == nil }).prefix(4) {
      runs.append(Self.history("first + \(row.change.unit.setting)", row.history))
    }
    let metrics = ["loss", "val_loss"].filter { name in runs.contains { $0[name] != nil } }
    guard let chart = try? Chart(runs, metrics: metrics) else { return "" }
    return SVGChart(chart).text.split(separator: "\n").dropFirst().joined(separator: "\n")
  }

  private static func history(_ name: String, _ values: [String: [Double]]) -> RunHistory {
    let epochs = values.values.map(\.count).max() ?? 0
    let columns = values.sorted { $0.key < $1.key }.map {
      RunHistory.Column(metric: $0.key, values: $0.value)
    }
    return RunHistory(name: name, epochs: Array(0..<epochs), columns: columns)
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;")
      .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
  }
}
