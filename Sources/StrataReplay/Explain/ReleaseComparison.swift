public import StrataSemantics
public import StrataTraining

/// What changed between two releases.
///
///     try ReleaseComparison(from: .keras("0.3.3"), to: .keras("1.2.0")).units
public struct ReleaseComparison: Sendable {
  public let from: Semantics
  public let to: Semantics
  /// A unit for each setting whose value differs, in the order of the catalog; the backend last.
  public let units: [ChangeUnit]

  /// - Throws: `IncomparableReleases` for releases of different lines.
  public init(
    from: Semantics, to: Semantics, catalog: HistoryCatalog = .builtIn
  ) throws(IncomparableReleases) {
    guard from.isComparable(with: to) else { throw IncomparableReleases(from: from, to: to) }
    self.from = from
    self.to = to
    var units: [ChangeUnit] = []
    for owner in catalog.owners where from.lineage != .torch {
      for history in owner.histories {
        guard let unit = Self.unit(history, owner, from, to) else { continue }
        Self.add(unit, to: &units)
      }
    }
    if let backend = BackendChange.unit(from, to) { units.append(backend) }
    self.units = units
  }

  /// A unit that several owners share is listed once.
  private static func add(_ unit: ChangeUnit, to units: inout [ChangeUnit]) {
    let place = units.firstIndex {
      $0.setting == unit.setting && $0.changes == unit.changes && $0.to == unit.to
    }
    guard let place else { return units.append(unit) }
    if !units[place].owners.contains(unit.owners[0]) { units[place].owners += unit.owners }
  }

  private static func unit(
    _ history: any AnyHistory, _ owner: HistoryCatalog.Owner, _ from: Semantics, _ to: Semantics
  ) -> ChangeUnit? {
    guard history.holds(on: from.backend), history.holds(on: to.backend) else { return nil }
    let values = (history.text(under: from), history.text(under: to))
    guard values.0 != values.1 else { return nil }
    let positions = [from, to].map { $0.position(for: history.setting) }.sorted()
    let entries = history.timeline.filter { positions[0] < $0.since && $0.since <= positions[1] }
    return ChangeUnit(
      setting: history.setting, owners: [owner.name], kind: owner.kind, axis: history.axis,
      effect: history.effect, from: values.0, to: values.1,
      changes: entries.compactMap { entry in
        entry.change.map {
          .init(id: $0.id, since: "\(entry.since)", explanation: $0.explanation)
        }
      })
  }
}
