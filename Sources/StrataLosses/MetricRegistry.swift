public import StrataCore
public import StrataSemantics

/// The metrics by name: the mean of every loss, accuracies, counts, rates and scores.
public struct MetricRegistry: Sendable {
  public var entries: Registry<any Metric>

  public init(_ entries: Registry<any Metric>) { self.entries = entries }

  /// Each metric with the names of its class, where `name` is that of the function; a class has its
  /// name in logs too, such as `auc`, as Keras 3 takes it.
  static let metrics: [(metric: any Metric, aliases: [String])] = [
    (BinaryAccuracy(), ["BinaryAccuracy"]), (CategoricalAccuracy(), ["CategoricalAccuracy"]),
    (SparseCategoricalAccuracy(), ["SparseCategoricalAccuracy"]),
    (TopKCategoricalAccuracy(), ["TopKCategoricalAccuracy"]),
    (SparseTopKCategoricalAccuracy(), ["SparseTopKCategoricalAccuracy"]),
    (Accuracy(), []), (Mean(), []), (Sum(), []), (RootMeanSquaredError(), []),
    (CosineSimilarity(), ["cosine_similarity"]), (PearsonCorrelation(), []),
    (ConcordanceCorrelation(), []), (TruePositives(), []), (FalsePositives(), []),
    (TrueNegatives(), []), (FalseNegatives(), []), (Precision(), []), (Recall(), []), (AUC(), []),
    (SensitivityAtSpecificity(specificity: 0.5), []),
    (SpecificityAtSensitivity(sensitivity: 0.5), []), (PrecisionAtRecall(recall: 0.5), []),
    (RecallAtPrecision(precision: 0.5), []), (FBetaScore(), []), (F1Score(), []),
    (IoU(numClasses: 2, targetClassIds: [0, 1]), []), (MeanIoU(numClasses: 2), []),
    (OneHotMeanIoU(numClasses: 2), []), (BinaryIoU(), []), (R2Score(), []),
  ]

  public static let builtIn = MetricRegistry(
    metrics.reduce(
      LossRegistry.losses.reduce(Registry("metric")) { registry, entry in
        registry.adding(type(of: entry.loss).name, aliases: entry.aliases, mean(of: entry.loss))
      }
    ) { registry, entry in
      let metric = type(of: entry.metric)
      let inLogs = ["Accuracy", "Mean", "Sum"].contains(metric.name) ? [] : [metric.logName]
      return registry.adding(metric.name, aliases: entry.aliases + inLogs, entry.metric)
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
