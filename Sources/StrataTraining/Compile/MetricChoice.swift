public import StrataCore

/// A metric as `compile` takes it.
public enum MetricChoice: Sendable {
  /// Binary, categorical or sparse categorical accuracy, by the rule of the release.
  case accuracy
  case metric(any Metric)
}
