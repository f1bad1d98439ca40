import StrataReplay
import StrataSemantics

/// The words of an explanation.
enum ExplanationLines {
  static func lines(_ rule: RuleExplanation) -> [String] {
    let width = rule.settings.map(\.name.count).max() ?? 0
    return ["\(rule.rule) under \(rule.semantics)", ""] + rule.equation.map { "  " + $0 } + [""]
      + rule.settings.map { "  \(padded($0.name, to: width))  \($0.value)" }
  }

  static func lines(_ comparison: ReleaseComparison) -> [String] {
    let units = comparison.units
    let heading = "\(comparison.from) -> \(comparison.to): \(count(units.count, "change"))"
    return [heading]
      + grouped(units, effect: \.effect) { unit in [header(unit)] + entries(unit) }
  }

  static func lines(_ explanation: RunExplanation) -> [String] {
    let changes = explanation.changes
    var lines = [
      "\(explanation.from) -> \(explanation.to): \(count(changes.count, "change")) "
        + (changes.count == 1 ? "concerns" : "concern") + " this run"
    ]
    lines += grouped(changes, effect: \.unit.effect) { change in
      [header(change.unit)] + change.details.map { "    \(text($0))" }
        + (change.refusal.map { ["    not allowed: \($0)"] } ?? []) + entries(change.unit)
    }
    guard !explanation.withoutEffect.isEmpty else { return lines }
    let names = explanation.withoutEffect.map(\.setting).joined(separator: ", ")
    return lines + ["", "without effect here, or chosen by the run itself: \(names)"]
  }

  /// `BatchNormalization bn_1: epsilon 1e-06 -> 0.001`.
  static func text(_ detail: ExplainedChange.Detail) -> String {
    "\(detail.place): \(detail.name) \(detail.from) -> \(detail.to)"
  }

  private static func header(_ unit: ChangeUnit) -> String {
    let owners =
      unit.owners.count > 3
      ? unit.owners.prefix(3).joined(separator: ", ") + ", …" : unit.owners.joined(separator: ", ")
    return "  \(unit.setting): \(unit.from) -> \(unit.to)  (\(unit.axis.rawValue): \(owners))"
  }

  private static func entries(_ unit: ChangeUnit) -> [String] {
    unit.changes.map { entry in
      "      \(entry.since.map { "\($0)  " } ?? "")\(entry.id): \(entry.explanation)"
    }
  }

  /// First what moves the weights, then what moves reports, then files.
  private static func grouped<Item>(
    _ items: [Item], effect: (Item) -> Effect, _ lines: (Item) -> [String]
  ) -> [String] {
    let titles: [(Effect, String)] = [
      (.trajectory, "the weights of a training:"), (.reporting, "what is reported:"),
      (.file, "files:"),
    ]
    return titles.flatMap { wanted, title -> [String] in
      let group = items.filter { effect($0) == wanted }
      return group.isEmpty ? [] : ["", title] + group.flatMap(lines)
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    number == 0 ? "no \(noun)" : "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
