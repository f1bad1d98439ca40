public import StrataCore
internal import StrataLosses
internal import StrataSemantics
internal import StrataTensor

extension Model {
  /// Chooses how the model is trained: a rule, one loss, and metrics that are all objects.
  ///
  ///     try model.compile(
  ///       optimizer: Adam(), loss: BinaryCrossentropy(), metrics: [AUC(), Precision()])
  ///
  /// - Throws: `CompileError` or `HyperparameterError` naming what does not fit.
  @_disfavoredOverload
  public func compile(
    optimizer: any OptimizerRule, loss: any Loss, metrics: [any Metric],
    weightedMetrics: [any Metric] = []
  ) throws {
    try compile(
      optimizer: optimizer, loss: loss, metrics: metrics.map(MetricChoice.metric),
      weightedMetrics: weightedMetrics.map(MetricChoice.metric))
  }

  /// The metrics of each output with their keys in logs, weighted ones last.
  func namedMetrics(
    _ metrics: [MetricChoice], _ weighted: [MetricChoice], losses: [any Loss]
  ) throws(CompileError) -> [[CompiledSettings.NamedMetric]] {
    let names = WeightedMetricNames.history.value(under: semantics)
    guard weighted.isEmpty || names != .refused else {
      throw CompileError(
        setting: "no weighted metrics", expected: "under \(semantics), which has none",
        found: "\(weighted.count)")
    }
    return zip(losses, outputShapes).enumerated().map { index, output in
      let prefix = architecture.outputs.count > 1 ? "\(outputNames[index])_" : ""
      var counts: [String: Int] = [:]
      func named(_ choice: MetricChoice) -> (name: String, metric: any Metric) {
        self.named(choice, loss: output.0, shape: output.1, &counts)
      }
      let plain = metrics.map(named)
      let taken = Set(plain.map(\.name))
      return plain.map { .init(key: prefix + $0.name, metric: $0.metric, isWeighted: false) }
        + weighted.map(named).map { name, metric in
          .init(
            key: prefix + names.name(name, taken: taken), metric: metric, isWeighted: true)
        }
    }
  }

  /// The metric of a choice and its name in logs.
  private func named(
    _ choice: MetricChoice, loss: any Loss, shape: Shape, _ counts: inout [String: Int]
  ) -> (name: String, metric: any Metric) {
    let rule = AccuracyLogName.history.value(under: semantics)
    switch choice {
    case .accuracy(let typed):
      let choice = AccuracyChoice.choose(
        loss: type(of: loss).name, output: shape, target: loss.targetShape(for: shape),
        under: semantics)
      return (rule.key(typed: typed), choice.metric(under: semantics))
    case .metric(var metric):
      metric.resolve(under: semantics)
      let names = MetricObjectNames.history.value(under: semantics)
      return (names.name(of: metric, &counts), metric)
    case .named(let typed, var metric):
      metric.resolve(under: semantics)
      return (rule == .asTyped ? typed : type(of: metric).logName, metric)
    }
  }
}
