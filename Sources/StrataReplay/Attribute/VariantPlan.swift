internal import StrataSemantics

/// The variants of an attribution: both releases, and each change alone put in and taken out.
struct VariantPlan {
  var from: Semantics
  var to: Semantics
  var changes: [ExplainedChange]
  var seeds: [UInt64]
  /// The settings of the update rule and of what is composed around it, changed or not.
  var ruleSettings: [String] = []

  func putIn(_ index: Int) -> Semantics { from.taking(changes[index].unit, from: to) }
  func takenOut(_ index: Int) -> Semantics { to.taking(changes[index].unit, from: from) }

  /// The first release with every change.
  var withAll: Semantics { changes.reduce(from) { $0.taking($1.unit, from: to) } }

  /// The first release with the whole update rule of the second.
  var withRule: Semantics {
    ruleSettings.reduce(from) { $0.overriding($1, with: to.position(for: $1)) }
  }

  /// Every training, each once.
  var trainings: [AttributionQueue.Training] {
    var variants = [from, to, withAll, withRule]
    variants += changes.indices.map(putIn) + changes.indices.map(takenOut)
    var seen = Set<AttributionQueue.Training>()
    return seeds.flatMap { seed in
      variants.map { AttributionQueue.Training(semantics: $0, seed: seed) }
    }
    .filter { seen.insert($0).inserted }
  }
}

/// Makes the report from the outcomes of a plan.
struct VariantReport {
  var plan: VariantPlan
  var outcomes: [AttributionQueue.Training: VariantOutcome]
  var metrics: [AttributedMetric]

  private func outcome(_ semantics: Semantics, _ seed: UInt64) -> VariantOutcome? {
    outcomes[.init(semantics: semantics, seed: seed)]
  }

  private func value(
    _ metric: AttributedMetric, _ semantics: Semantics, _ seed: UInt64
  ) -> Double {
    outcome(semantics, seed).flatMap { metric.value(of: $0.history) } ?? .nan
  }

  /// `second − first` by metric, a value for each seed.
  private func difference(_ first: Semantics, _ second: Semantics) -> [MeasuredEffect] {
    metrics.map { metric in
      MeasuredEffect(plan.seeds.map { value(metric, second, $0) - value(metric, first, $0) })
    }
  }

  private func isIdentical(_ first: Semantics, _ second: Semantics) -> Bool {
    plan.seeds.allSatisfy { seed in
      guard let a = outcome(first, seed), let b = outcome(second, seed) else { return false }
      return a.isIdentical(to: b)
    }
  }

  private func row(_ index: Int) -> Attribution.Row {
    let (putIn, takenOut) = (plan.putIn(index), plan.takenOut(index))
    let failures = plan.seeds.flatMap { seed in
      [putIn, takenOut].compactMap { outcome($0, seed)?.failure }
    }
    return Attribution.Row(
      change: plan.changes[index], putIn: difference(plan.from, putIn),
      takenOut: difference(takenOut, plan.to),
      movesNothing: isIdentical(plan.from, putIn) && isIdentical(takenOut, plan.to),
      failure: failures.first, history: meanHistory(putIn))
  }

  var attribution: Attribution {
    let rows = plan.changes.indices.map(row)
    let total = difference(plan.from, plan.to)
    let unexplained = metrics.indices.map { metric in
      MeasuredEffect(
        plan.seeds.indices.map { seed in
          rows.reduce(total[metric].values[seed]) { $0 - $1.putIn[metric].values[seed] }
        })
    }
    return Attribution(
      from: "\(plan.from)", to: "\(plan.to)", metrics: metrics, seeds: plan.seeds,
      values: metrics.map { metric in
        Attribution.Pair(
          from: MeasuredEffect(plan.seeds.map { value(metric, plan.from, $0) }).mean,
          to: MeasuredEffect(plan.seeds.map { value(metric, plan.to, $0) }).mean)
      },
      total: total, rows: ranked(rows),
      rule: Attribution.Rule(
        name: "", putIn: difference(plan.from, plan.withRule),
        movesNothing: isIdentical(plan.from, plan.withRule)),
      unexplained: unexplained,
      isComplete: isIdentical(plan.withAll, plan.to), withoutEffect: [],
      histories: [meanHistory(plan.from), meanHistory(plan.to)], drawsWeights: true, seconds: 0,
      trainings: outcomes.count)
  }

  /// By the size of the effect on the first metric, then on the others.
  private func ranked(_ rows: [Attribution.Row]) -> [Attribution.Row] {
    func sizes(_ row: Attribution.Row) -> [Double] {
      metrics.indices.map { abs(row.effect($0)) } + [row.movesNothing ? 0 : 1]
    }
    return rows.enumerated().sorted { a, b in
      let (first, second) = (sizes(a.element), sizes(b.element))
      return first == second ? a.offset < b.offset : second.lexicographicallyPrecedes(first)
    }.map(\.element)
  }

  private func meanHistory(_ semantics: Semantics) -> [String: [Double]] {
    let histories = plan.seeds.compactMap { outcome(semantics, $0)?.history }
    var result: [String: [Double]] = [:]
    for key in Set(histories.flatMap(\.keys)) {
      let columns = histories.compactMap { $0[key] }
      let length = columns.map(\.count).min() ?? 0
      result[key] = (0..<length).map { epoch in
        columns.map { $0[epoch] }.reduce(0, +) / Double(columns.count)
      }
    }
    return result
  }
}
