import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataReplay
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Running sums of metrics in what explains, attributes and replays.
@Suite struct MetricAggregationExplainTests {
  private static func samples(_ count: Int) -> Dataset {
    var random = Philox(seed: 4, name: "samples")
    let x = random.normal(count: count * 3)
    let noise = random.normal(count: count)
    let y = (0..<count).map { x[$0 * 3] + 2 * noise[$0] > 0 ? Float(1) : 0 }
    return Dataset(Tensor(x, shape: [count, 3]), Tensor(y, shape: [count, 1]))
  }

  private static func record(
    _ semantics: Semantics, _ metrics: [MetricChoice]
  ) throws -> RunFile {
    let model = try Model(
      Sequential(input: [3]) { Dense(units: 1, activation: .sigmoid) }, semantics: semantics,
      seed: 9)
    try model.compile(
      optimizer: SGD(learningRate: 0.1), loss: MeanSquaredError(), metrics: metrics)
    var options = FitOptions()
    options.epochs = 2
    options.batchSize = 8
    options.verbosity = .silent
    options.validationData = samples(21)
    return try #require(try model.record(samples(45), options, includesData: true).1)
  }

  /// The change is one of reporting, and concerns trainings with metrics only.
  @Test func explainNamesTheChangeOfReporting() throws {
    let units = try ReleaseComparison(from: .keras("2.2.4"), to: .keras("2.3.1")).units
    let unit = try #require(units.first { $0.setting == "metrics.aggregation" })
    #expect(unit.axis == .metric && unit.effect == .reporting)
    #expect(unit.changes.map(\.id) == ["metrics-streaming"])
    func settings(_ metrics: [MetricChoice]) throws -> [String] {
      let training = TrainingDescription(try Self.record(.keras("2.2.4"), metrics))
      return try RunExplanation(training, from: .keras("2.2.4"), to: .keras("2.3.1")).changes
        .map(\.unit.setting)
    }
    #expect(try settings([.metric(AUC())]).contains("metrics.aggregation"))
    #expect(!(try settings([]).contains("metrics.aggregation")))
    #expect(!(try settings([.metric(AUC())]).contains("metrics.masks")))
  }

  /// Of all that changed, it is what moves the area.
  @Test func attributeFindsTheChange() throws {
    let run = try Self.record(.keras("2.2.4"), [.metric(AUC())])
    var attributor = Attributor(run, to: .keras("2.3.1"))
    attributor.metrics = [AttributedMetric(parsing: "val_auc")]
    attributor.seeds = 1
    let result = try attributor.attribute()
    #expect(result.rows.first?.change.unit.setting == "metrics.aggregation")
    #expect(result.isComplete)
  }

  /// A run that was recorded when all releases averaged batches comes out again, logs included.
  @Test func runsOfOldReplay() throws {
    let averaging = Semantics.strata.overriding("metrics.aggregation", with: "2.2.0")
      .overriding("metrics.masks", with: "1.2.0")
      .overriding("fit.outputLossAverage", with: "2.2.0")
    var run = try Self.record(averaging, [.metric(AUC())])
    run.record.semantics = .strata
    #expect(!(try Replayer(run).replay().isIdentical))
    run.record.reporting = nil
    let report = try Replayer(run).replay()
    #expect(report.isIdentical, "\(report.difference ?? "")")
  }
}
