internal import StrataCore
internal import StrataKeras
internal import StrataSemantics
internal import StrataTensor
public import StrataTraining

/// Runs recorded metrics: running sums and result after each of three batches, or, before Keras 2.3,
/// the values of the plain function.
public struct MetricConformance: TraceRunner {
  public var registries: Catalog

  public init(registries: Catalog = .builtIn) { self.registries = registries }

  public func takes(_ trace: TraceFile) -> Bool { trace.kind == .metric }

  public func run(_ trace: TraceFile) -> ConformanceResult {
    do {
      let metric = try KerasMetric.read(
        trace.meta["metric"]?.text ?? "", trace.meta["kwargs"]?.object ?? [:],
        of: try trace.semantics(), registries: registries)
      var comparison = Comparison(Tolerances.metric)
      if trace.datasets.contains("result") {
        try compareStates(metric, trace, &comparison)
      } else {
        try compareValues(metric, trace, &comparison)
      }
      guard comparison.count > 0 else {
        return trace.unknown(.metric, "no values that could be compared")
      }
      return trace.result(.metric, comparison)
    } catch {
      return trace.unknown(.metric, "\(error)")
    }
  }

  private func batches(_ trace: TraceFile) -> Range<Int> {
    0..<((0..<100).first { !trace.datasets.contains("batch\($0).y_pred") } ?? 0)
  }

  private func compareValues(
    _ metric: any Metric, _ trace: TraceFile, _ comparison: inout Comparison
  ) throws {
    for batch in batches(trace) {
      let values = metric.values(
        target: try trace.tensor("batch\(batch).y_true"),
        prediction: try trace.tensor("batch\(batch).y_pred"))
      let recorded = try trace.tensor("batch\(batch).value")
      let isMean = recorded.rank == 0 && values.rank > 0
      comparison.add(
        "values of batch \(batch)", try (isMean ? values.mean() : values).floats(),
        try recorded.floats())
    }
  }

  private func compareStates(
    _ metric: any Metric, _ trace: TraceFile, _ comparison: inout Comparison
  ) throws {
    let first = try trace.tensor("batch0.y_pred")
    let specs = metric.states(for: first.shape.droppingFirst())
    var states = specs.map { Tensor.zeros($0.shape) }
    let results = try trace.tensor("result")
    for batch in batches(trace) {
      let prediction = try trace.tensor("batch\(batch).y_pred")
      let hasTarget = trace.datasets.contains("batch\(batch).y_true")
      let hasWeights = trace.datasets.contains("batch\(batch).sample_weight")
      states = metric.update(
        states, target: hasTarget ? try trace.tensor("batch\(batch).y_true") : prediction,
        prediction: prediction,
        weights: hasWeights ? try trace.tensor("batch\(batch).sample_weight") : nil)
      // Where another release's trace stands in, only its results are known to be the same.
      if trace.standsFor == nil {
        try compare(states, specs, trace, batch, &comparison)
      }
      comparison.add(
        "result after batch \(batch)", try metric.result(states).floats(),
        try results.element(batch, axis: 0).floats())
    }
  }

  /// Compares the running sums with the recorded ones, by name: their order is the release's.
  private func compare(
    _ states: [Tensor], _ specs: [MetricState], _ trace: TraceFile, _ batch: Int,
    _ comparison: inout Comparison
  ) throws {
    let names = (trace.meta["states"]?.elements ?? []).map { state -> String in
      let path = state["name"]?.text ?? ""
      return String((path.split(separator: "/").last ?? "").prefix { $0 != ":" })
    }
    guard names.count == states.count else {
      throw Unrunnable(reason: "running sums \(names), here \(specs.map(\.name))")
    }
    for (index, name) in names.enumerated() {
      guard let own = specs.firstIndex(where: { $0.name == name }) else {
        throw Unrunnable(reason: "a running sum \(name), here \(specs.map(\.name))")
      }
      comparison.add(
        "\(name) after batch \(batch)", try states[own].floats(),
        try trace.floats("batch\(batch).state.00\(index)"))
    }
  }
}
