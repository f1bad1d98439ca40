public import StrataCore
public import StrataSemantics

/// The metrics by name: accuracies, and the mean of every loss.
public struct MetricRegistry: Sendable {
  public var entries: Registry<any Metric>

  public init(_ entries: Registry<any Metric>) { self.entries = entries }

  static let metrics: [any Metric] = [
    BinaryAccuracy(), CategoricalAccuracy(), SparseCategoricalAccuracy(),
    TopKCategoricalAccuracy(), SparseTopKCategoricalAccuracy(),
  ]

  public static let builtIn = MetricRegistry(
    LossRegistry.losses.reduce(
      metrics.reduce(Registry("metric")) { $0.adding(type(of: $1).name, $1) }
    ) { registry, entry in
      registry.adding(type(of: entry.loss).name, aliases: entry.aliases, mean(of: entry.loss))
    })

  private static func mean<L: Loss>(of loss: L) -> any Metric { MeanOfLoss(loss) }

  /// The registry with one more metric.
  public func adding(_ metric: any Metric, aliases: [String] = []) -> MetricRegistry {
    MetricRegistry(entries.adding(type(of: metric).name, aliases: aliases, metric))
  }

  /// The metric of a name, with the release's forms filled in.
  ///
  /// For `accuracy` and `acc` see `AccuracyChoice`.
  ///
  /// - Throws: `UnknownNameError` with the names that exist.
  public func resolve(
    _ name: String, _ semantics: Semantics
  ) throws(UnknownNameError) -> any Metric {
    var metric = try entries.resolve(name)
    metric.resolve(under: semantics)
    return metric
  }
}
