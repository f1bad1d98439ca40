import Foundation

/// Draws a chart with characters: braille dots, coloured on a terminal; without colours, a letter
/// for each curve when there are several.
struct TerminalChart {
  var chart: Chart
  var width: Int
  var isColored: Bool

  private let rows = 12

  /// The lines of all panels.
  var lines: [String] {
    chart.panels.enumerated().flatMap { index, panel in
      (index == 0 ? [] : [""]) + lines(of: panel)
    }
  }

  private func lines(of panel: Chart.Panel) -> [String] {
    let axes = panel.axes(xTicks: max(2, width / 12), yTicks: 5)
    let labels = axes.y.ticks.map(axes.y.label)
    let margin = max(labels.map(\.count).max() ?? 0, 3)
    let canvas = draw(panel, axes, columns: max(16, width - margin - 3))
    var lines = [String(repeating: " ", count: margin + 2) + panel.title]
    for row in 0..<rows {
      let tick = axes.y.ticks.firstIndex { self.row(of: $0, on: axes.y) == row }
      let label = tick.map { labels[$0] } ?? ""
      let text = (0..<canvas.columns).map { cell(canvas, row, $0, panel) }.joined()
      lines.append("\(padded(label, to: margin)) \(tick == nil ? "│" : "┤")\(text)")
    }
    lines += xAxis(axes.x, columns: canvas.columns, margin: margin)
    return lines.map(TextTable.trimmed) + legend(panel, margin: margin)
  }

  private func draw(
    _ panel: Chart.Panel, _ axes: (x: ChartAxis, y: ChartAxis), columns: Int
  ) -> BrailleCanvas {
    var canvas = BrailleCanvas(columns: columns, rows: rows)
    for (owner, series) in panel.series.enumerated() {
      for stretch in series.stretches {
        let points = stretch.map { point in
          (
            x: Int((axes.x.fraction(point.epoch) * Double(2 * columns - 1)).rounded()),
            y: Int(((1 - axes.y.fraction(point.value)) * Double(4 * rows - 1)).rounded())
          )
        }
        for (a, b) in zip(points, points.dropFirst() + [points[points.count - 1]]) {
          canvas.line(from: a, to: b, owner: owner, isDashed: series.isValidation && isColored)
        }
      }
    }
    return canvas
  }

  private func cell(
    _ canvas: BrailleCanvas, _ row: Int, _ column: Int, _ panel: Chart.Panel
  ) -> String {
    let character = canvas.character(row: row, column: column)
    guard let owner = canvas.owner(row: row, column: column) else { return " " }
    if isColored { return colored(String(character), panel.series[owner]) }
    return panel.series.count == 1 ? String(character) : Self.letter(owner)
  }

  private func legend(_ panel: Chart.Panel, margin: Int) -> [String] {
    let indent = String(repeating: " ", count: margin + 2)
    return panel.series.enumerated().map { index, series in
      let name = "\(series.run) \(series.metric)"
      if isColored {
        return indent + colored(series.isValidation ? "╌╌" : "──", series) + " " + name
      }
      return panel.series.count == 1 ? indent + name : "\(indent)\(Self.letter(index))  \(name)"
    }
  }
}

extension TerminalChart {
  private func row(of tick: Double, on axis: ChartAxis) -> Int {
    Int(((1 - axis.fraction(tick)) * Double(4 * rows - 1)).rounded()) / 4
  }

  private func xAxis(_ axis: ChartAxis, columns: Int, margin: Int) -> [String] {
    var rule = Array(repeating: Character("─"), count: columns)
    var labels = Array(repeating: Character(" "), count: columns + 8)
    for tick in axis.ticks {
      let column = Int(axis.fraction(tick) * Double(columns - 1))
      rule[column] = "┬"
      for (offset, digit) in axis.label(tick).enumerated() { labels[column + offset] = digit }
    }
    let indent = String(repeating: " ", count: margin + 1)
    return ["\(indent)└\(String(rule))", "\(indent) \(String(labels))"]
  }

  private static func letter(_ index: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
  }

  /// The terminal's six colours, one for each run.
  private func colored(_ text: String, _ series: Chart.Series) -> String {
    let codes = [34, 31, 32, 33, 35, 36]
    return "\u{1B}[\(codes[series.index % codes.count])m\(text)\u{1B}[0m"
  }

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
