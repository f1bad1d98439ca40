internal import Foundation
internal import StrataCore
public import StrataSemantics
public import StrataTraining

/// Finds out why a recorded training gives another result under another release.
///
/// The training is run under both releases, with each change of the second put alone into the first,
/// and with each taken alone out of the second. Weights are drawn anew by each variant, from the seed,
/// if the run's own were; what the run left to the release is each release's.
public struct Attributor: Sendable {
  public let run: RunFile
  public let target: Semantics
  public var catalog = Catalog.builtIn
  /// Empty: the last and best `val_loss` (`loss` without validation) and the gap.
  public var metrics: [AttributedMetric] = []
  /// How many seeds; the first is the run's.
  public var seeds = 1
  /// How many trainings at a time.
  public var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// Called after each training, from any thread.
  public var onProgress: @Sendable (AttributionProgress) -> Void = { _ in }

  public init(_ run: RunFile, to target: Semantics) {
    self.run = run
    self.target = target
  }

  /// The changes that apply to the run.
  ///
  /// - Throws: `IncomparableReleases`, or what building the model throws.
  public func explanation() throws -> RunExplanation {
    try RunExplanation(
      TrainingDescription(run), from: run.record.semantics, to: target,
      catalog: HistoryCatalog(catalog))
  }

  /// Runs all variants and ranks the changes.
  ///
  /// - Throws: `ReplayError` if the data are missing or not those of the record; what building or
  ///   training the model under either release throws.
  public func attribute(
    data: Dataset? = nil, validationData: Dataset? = nil
  ) throws -> Attribution {
    let explanation = try explanation()
    let changes = explanation.changes.filter { $0.unit.effect != .file }
    let runner = try VariantRunner(
      run, catalog: catalog, data: data, validationData: validationData)
    let plan = VariantPlan(
      from: run.record.semantics, to: target, changes: changes,
      seeds: (0..<UInt64(max(seeds, 1))).map { run.record.seed &+ $0 },
      ruleSettings: ruleSettings)
    let start = Date()
    let outcomes = AttributionQueue(jobs: jobs, onProgress: onProgress).run(
      plan.trainings, work: { work(of: $0) }, runner)
    for outcome in outcomes.values {
      // Without both releases themselves there is nothing to compare.
      if outcome.overrides.isEmpty, let failure = outcome.failure,
        [run.record.semantics.description, target.description].contains(outcome.semantics)
      {
        throw AttributionError(semantics: outcome.semantics, reason: failure)
      }
    }
    var report = VariantReport(plan: plan, outcomes: outcomes, metrics: chosenMetrics).attribution
    report.withoutEffect = explanation.withoutEffect.map(\.setting)
    report.drawsWeights = runner.startsFromSeed
    report.rule.name = run.record.compile.optimizer.name
    report.seconds = Date().timeIntervalSince(start)
    return report
  }

  private var ruleSettings: [String] {
    let optimizer = run.record.compile.optimizer
    guard target.lineage != .torch else { return [] }
    let histories = optimizer.histories + [type(of: optimizer.rule).stepCounting]
    return Set(histories.map(\.setting)).sorted()
  }

  private var chosenMetrics: [AttributedMetric] {
    guard metrics.isEmpty else { return metrics }
    let hasValidation = run.record.fit.hasValidationData || run.record.fit.validationSplit > 0
    return hasValidation
      ? [.last("val_loss"), .best("val_loss"), .gap] : [.last("loss"), .best("loss")]
  }

  /// About how long a variant trains, in any unit.
  private func work(of semantics: Semantics) -> Double {
    let fit = run.record.fit
    let epochs = fit.epochs ?? FitHistory.epochs.value(under: semantics)
    let batch = fit.batchSize ?? FitHistory.batchSize.value(under: semantics)
    let samples = Double(run.record.sampleCount)
    return Double(max(epochs - fit.initialEpoch, 0)) * (samples / Double(batch) + samples / 64)
  }
}

/// A release under which the run cannot be trained.
public struct AttributionError: Error, Hashable, CustomStringConvertible {
  public var semantics: String
  public var reason: String
  public var description: String {
    "attribute: expected a training under \(semantics), but it failed: \(reason)"
  }
}
