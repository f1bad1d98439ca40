public import StrataCore
public import StrataLosses

/// A metric as `compile` takes it.
///
/// Metrics with settings are objects, `.metric(AUC(numThresholds: 100))`; where all are,
/// `metrics: [AUC(), Precision(topK: 3)]` is enough.
public enum MetricChoice: Sendable {
  /// Binary, categorical or sparse categorical accuracy, by the rule of the release; later ones
  /// log it under the word that was typed.
  case accuracy(typed: String = "accuracy")
  case metric(any Metric)
  /// A metric that was chosen by a name, under which releases since 2.3.0 log it.
  case named(String, any Metric)

  public static let accuracy = MetricChoice.accuracy()

  /// The metric of a name, such as `accuracy`, `mse`, `auc` or `AUC`.
  ///
  /// - Throws: `UnknownNameError` with the names that exist.
  public static func named(
    _ name: String, in registry: MetricRegistry = .builtIn
  ) throws(UnknownNameError) -> MetricChoice {
    if ["acc", "accuracy"].contains(name) { return .accuracy(typed: name) }
    return .named(name, try registry.entries.resolve(name))
  }
}
