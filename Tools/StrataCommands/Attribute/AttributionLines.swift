import Foundation
import StrataReplay

/// The words and numbers of an attribution, for a terminal and for a page.
struct AttributionLines {
  private let attribution: Attribution

  init(_ attribution: Attribution) { self.attribution = attribution }

  var lines: [String] {
    guard !attribution.isEmpty else {
      return [heading, "", conclusion]
    }
    var lines = [heading]
    for index in attribution.metrics.indices {
      lines += ["", title(index)] + Self.table([header] + rows(index))
    }
    return lines + [""] + notes
  }

  /// What was compared, and with how many trainings.
  var heading: String {
    let seeds = attribution.seeds.count
    return "\(attribution.from) -> \(attribution.to): \(attribution.trainings) trainings, "
      + "\(seeds) seed\(seeds == 1 ? "" : "s"), \(Int(attribution.seconds.rounded(.up))) s"
  }

  func title(_ metric: Int) -> String {
    let pair = attribution.values[metric]
    let total = Self.text(attribution.total[metric])
    return "\(attribution.metrics[metric]): \(Self.number(pair.from)) -> "
      + "\(Self.number(pair.to)), difference \(total)"
  }

  var header: [String] { ["change", "put in alone", "taken out alone", ""] }

  /// A row for each change, then what they leave unexplained.
  func rows(_ metric: Int) -> [[String]] {
    attribution.rows.map { row in
      let unit = row.change.unit
      let name = "\(unit.setting) \(unit.from) -> \(unit.to)"
      if row.failure != nil { return [name, "-", "-", "cannot be trained"] }
      return [
        name, Self.text(row.putIn[metric]), Self.text(row.takenOut[metric]), verdict(row, metric),
      ]
    } + [["not explained by single changes", Self.text(attribution.unexplained[metric]), "", ""]]
  }

  private func verdict(_ row: Attribution.Row, _ metric: Int) -> String {
    if row.movesNothing { return "exactly zero: no bit moves" }
    if row.putIn[metric].isExactlyZero, row.takenOut[metric].isExactlyZero { return "zero here" }
    return row.isClear(metric).map { $0 ? "clear" : "within noise" } ?? ""
  }

  /// The conclusion and the remarks below the tables.
  var notes: [String] {
    var notes = [conclusion]
    notes.append(
      attribution.isComplete
        ? "All changes together give the second release to the last bit: none is missing."
        : "All changes together do not give the second release to the last bit.")
    if attribution.rule.movesNothing {
      notes.append(
        "\(attribution.rule.name): with every setting of the rule as in the second release no bit "
          + "moves; it contributes exactly zero.")
    }
    if attribution.seeds.count > 1 {
      notes.append(
        "± is half of the 95 % interval of the mean (Student's t, differences paired by seed).")
    }
    if !attribution.drawsWeights {
      notes.append(
        "The run did not start from weights of its seed: all variants start from its own.")
    }
    notes += attribution.rows.compactMap { row in
      row.failure.map { "\(row.change.unit.setting): \($0)" }
    }
    if !attribution.withoutEffect.isEmpty {
      let names = attribution.withoutEffect.joined(separator: ", ")
      notes.append("Without effect here, or chosen by the run itself: \(names).")
    }
    return notes
  }

  private var conclusion: String {
    guard let first = attribution.rows.first(where: { !$0.movesNothing }) else {
      return attribution.isEmpty
        ? "Nothing that applies to this run changed between the two releases."
        : "Of the changes that apply, none moves a bit."
    }
    return "What matters most for \(attribution.metrics[0]): \(first.change.unit.setting)."
  }

  static func text(_ measurement: MeasuredEffect) -> String {
    if measurement.isExactlyZero { return "0" }
    let sign = measurement.mean > 0 ? "+" : ""
    let width = measurement.halfWidth.map { " ± \(number($0))" } ?? ""
    return sign + number(measurement.mean) + width
  }

  static func number(_ value: Double) -> String {
    if value == 0 { return "0" }
    return abs(value) < 1e-3 ? String(format: "%.2e", value) : String(format: "%.5f", value)
  }

  /// Cells filled to the width of their column.
  private static func table(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      let line = "  " + cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
