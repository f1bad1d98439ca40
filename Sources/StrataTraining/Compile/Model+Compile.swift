public import StrataCore
internal import StrataLosses
internal import StrataSemantics
internal import StrataTensor

extension Model {
  /// Chooses how the model is trained.
  ///
  /// What is left out is the release's own.
  ///
  /// - Parameters:
  ///   - optimizer: a rule with what is composed around it.
  ///   - losses: one for all outputs, or one for each.
  ///   - lossWeights: a factor for each output's loss, 1 by default.
  ///   - metrics: measured on every output; the weights of samples do not count.
  ///   - weightedMetrics: metrics in which the weights of samples count.
  /// - Throws: `CompileError` or `HyperparameterError` naming what does not fit.
  public func compile(
    optimizer: Optimizer, losses: [any Loss], lossWeights: [Float]? = nil,
    metrics: [MetricChoice] = [], weightedMetrics: [MetricChoice] = []
  ) throws {
    let count = architecture.outputs.count
    guard losses.count == count || losses.count == 1 else {
      throw CompileError(setting: "losses", expected: "one or \(count)", found: "\(losses.count)")
    }
    guard lossWeights.map({ $0.count == count }) ?? true else {
      throw CompileError(
        setting: "lossWeights", expected: "\(count) factors", found: "\(lossWeights?.count ?? 0)")
    }
    let definition = CompileDefinition(
      optimizer: optimizer, losses: losses, lossWeights: lossWeights, metrics: metrics,
      weightedMetrics: weightedMetrics)
    var optimizer = optimizer
    try optimizer.resolve(under: semantics)
    let resolved = (0..<count).map { index in
      var loss = losses.count == 1 ? losses[0] : losses[index]
      loss.resolve(under: semantics)
      return loss
    }
    let memory = try OptimizerMemory(optimizer, parameters, model: keptName)
    let settings = CompiledSettings(
      optimizer: optimizer, losses: resolved,
      lossWeights: lossWeights ?? [Float](repeating: 1, count: count),
      metrics: try namedMetrics(metrics, weightedMetrics, losses: resolved),
      reduction: LossReduction.history.value(under: semantics),
      penalizesValidation: FitHistory.penalizesValidation.value(under: semantics),
      penalizesFrozenLayers: FitHistory.penalizesFrozenLayers.value(under: semantics),
      activityPenalty: ActivityPenalty.history.value(under: semantics),
      reportsOutputLosses: count > 1 && FitHistory.reportsOutputLosses.value(under: semantics),
      logitsRecovery: LogitsRecovery.form(under: semantics),
      metricAggregation: MetricAggregation.history.value(under: semantics),
      metricMasks: MetricMasks.history.value(under: semantics))
    compiled = settings
    metricMemory = MetricMemory(settings, outputShapes)
    compileDefinition = definition
    programs = ProgramCache()
    optimizerState = memory
    try openStreamsAtCompile()
  }

  /// Chooses how the model is trained, from a definition that was recorded.
  ///
  /// - Throws: `CompileError` or `HyperparameterError` naming what does not fit.
  public func compile(_ definition: CompileDefinition) throws {
    try compile(
      optimizer: definition.optimizer, losses: definition.losses,
      lossWeights: definition.lossWeights, metrics: definition.metrics,
      weightedMetrics: definition.weightedMetrics)
  }

  /// Chooses how the model is trained: a rule with the release's clipping and decay, one loss.
  ///
  /// - Throws: `CompileError` or `HyperparameterError` naming what does not fit.
  public func compile(
    optimizer: any OptimizerRule, loss: any Loss, metrics: [MetricChoice] = [],
    weightedMetrics: [MetricChoice] = []
  ) throws {
    try compile(
      optimizer: Optimizer(optimizer), loss: loss, metrics: metrics,
      weightedMetrics: weightedMetrics)
  }

  /// Chooses how the model is trained: a rule with clipping, decay or averages of one's own.
  ///
  ///     try model.compile(optimizer: Adam().clipped(norm: 1), loss: MeanSquaredError())
  ///
  /// - Throws: `CompileError` or `HyperparameterError` naming what does not fit.
  public func compile(
    optimizer: Optimizer, loss: any Loss, metrics: [MetricChoice] = [],
    weightedMetrics: [MetricChoice] = []
  ) throws {
    try compile(
      optimizer: optimizer, losses: [loss], metrics: metrics, weightedMetrics: weightedMetrics)
  }

  /// The keys of the values that a step reports, in order.
  package var logKeys: [String] {
    guard let compiled else { return [] }
    let perOutput = compiled.reportsOutputLosses ? outputNames.map { "\($0)_loss" } : []
    let keys = ["loss"] + perOutput + compiled.metrics.flatMap { $0.map(\.key) }
    return RepeatedKeys.history.value(under: semantics).numbered(keys)
  }
}

/// A setting of `compile` that does not fit the model.
public struct CompileError: Error, Hashable, CustomStringConvertible {
  public var setting: String
  public var expected: String
  public var found: String
  public var description: String { "compile: expected \(setting) \(expected), but got \(found)." }
}
