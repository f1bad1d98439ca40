public import StrataCore

/// A metric as `compile` takes it.
public enum MetricChoice: Sendable {
  /// Binary, categorical or sparse categorical accuracy, by the rule of the release; later ones
  /// log it under the word that was typed.
  case accuracy(typed: String = "accuracy")
  case metric(any Metric)

  public static let accuracy = MetricChoice.accuracy()
}
