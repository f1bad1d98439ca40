package import StrataCore
package import StrataLosses

/// What `compile` was given, resolved under the model's semantics.
package struct CompiledSettings {
  package var optimizer: Optimizer
  /// A loss for each output.
  package var losses: [any Loss]
  package var lossWeights: [Float]
  /// Per output, the metrics in order, weighted ones last, automatic choices made.
  package var metrics: [[NamedMetric]]
  package var reduction: LossReduction
  package var penalizesValidation: Bool
  package var penalizesFrozenLayers: Bool
  package var activityPenalty: ActivityPenalty
  package var reportsOutputLosses: Bool
  package var logitsRecovery: LogitsRecovery
  package var metricAggregation: MetricAggregation
  package var metricMasks: MetricMasks

  package struct NamedMetric {
    package var key: String
    package var metric: any Metric
    /// Whether the weights of samples count.
    package var isWeighted: Bool
  }
}
