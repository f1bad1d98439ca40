internal import StrataCore
internal import StrataLosses
internal import StrataSemantics
internal import StrataTensor

/// How the metrics of an epoch follow from its batches.
package enum MetricAggregation: String, Sendable, Hashable, Codable {
  /// The values of the batches, averaged by their samples.
  case batchValues
  /// Running sums from the epoch's start; what is reported is their result so far, in the logs of
  /// batches too.
  case runningSums

  static let history = History(
    "metrics.aggregation", .metric, .reporting, initially: Self.batchValues
  )
  .since(
    "2.3.0", .runningSums, "metrics-streaming",
    "Metrics keep running sums over an epoch, no longer averages of batches.")
}

/// What the mask of an output, and the weights of samples, do to a metric v.
package enum MetricMasks: String, Sendable, Hashable, Codable {
  case ignored
  /// As in the release's losses: `mean(v·m / mean m)`.
  case normalized
  /// The mask is a weight, or a factor of the weights of a weighted metric.
  case weights
  /// A factor of the weights of weighted metrics that are means; nothing to others.
  case ofWeightedMeans
  /// As `weights`, for metrics that are means; nothing to others.
  case ofMeans

  static let history = History(
    "metrics.masks", .metric, .reporting, initially: Self.ignored
  )
  .since(
    "2.0.0", .normalized, "metrics-unmasked-to-masked",
    "Masked time steps do not count in metrics."
  )
  .since(
    "2.3.0", .weights, "metrics-streaming",
    "The mask is a weight in a metric's running sums: batches count by their unmasked steps."
  )
  .since(
    "3.0.0", .ofWeightedMeans, "metrics-mask-keras3",
    "Masked time steps count in metrics again, but for weighted means with sample weights."
  )
  .since(
    "3.12.0", .ofMeans, "metrics-mask-of-means-keras3",
    "Masked time steps do not count in metrics that are means.")

  /// The weights of one update of running sums, nil for none.
  func weights(mask: Tensor?, given: Tensor?, isMean: Bool) -> Tensor? {
    switch self {
    case .ignored: given
    case .normalized, .weights: Self.product(mask, given)
    case .ofWeightedMeans: isMean ? given.flatMap { Self.product(mask, $0) } : given
    case .ofMeans: isMean ? Self.product(mask, given) : given
    }
  }

  /// The product of a mask and weights; the one of lower rank counts whole samples.
  private static func product(_ mask: Tensor?, _ weights: Tensor?) -> Tensor? {
    guard let mask, let weights else { return mask ?? weights }
    let rank = max(mask.rank, weights.rank)
    let factors = [weights, mask].map { tensor in
      let ones = [Int](repeating: 1, count: rank - tensor.rank)
      return tensor.reshaped(Shape(tensor.shape.dimensions + ones))
    }
    return factors[0] * factors[1]
  }
}

/// What weighted metrics are called in logs.
enum WeightedMetricNames: String, Sendable, Equatable {
  /// There are none.
  case refused
  /// `weighted_acc`
  case prefixed
  case plain
  /// With the prefix where a metric of that name exists.
  case prefixedWhereTaken

  static let history = History(
    "metrics.weightedNames", .metric, .reporting, initially: Self.refused
  )
  .since(
    "2.0.7", .prefixed, "weighted-metrics-option", "Metrics may be weighted by sample weights."
  )
  .since(
    "2.3.0", .plain, "metric-name-as-typed", "Weighted metrics are logged without a prefix."
  )
  .since(
    "2.4.0", .prefixedWhereTaken, "metric-names-multi-output-tfkeras",
    "Weighted metrics get the prefix where their name is taken.")

  func name(_ name: String, taken: Set<String>) -> String {
    switch self {
    case .refused, .plain: name
    case .prefixed: "weighted_\(name)"
    case .prefixedWhereTaken: taken.contains(name) ? "weighted_\(name)" : name
    }
  }
}

/// What metric objects without a name of their own are called in logs.
enum MetricObjectNames: String, Sendable, Equatable {
  /// `auc`
  case plain
  /// `auc_1`, `auc_2`
  case counted

  static let history = History(
    "metrics.objectNames", .metric, .reporting, initially: Self.plain
  )
  .since(
    "2.3.0", .counted, "metric-objects-counted",
    "Objects such as AUC() are logged with the number of the object."
  )
  .since(
    "2.4.0", .plain, "metric-objects-plain",
    "The first object of a class is logged without a number.")

  /// The classes whose objects are named as layers are.
  private static let unnamed: Set = [
    "AUC", "Precision", "Recall", "TruePositives", "FalsePositives", "TrueNegatives",
    "FalseNegatives", "SensitivityAtSpecificity", "SpecificityAtSensitivity", "MeanIoU",
  ]

  /// The name of a metric in logs; `counts` holds how many objects of its class came before.
  func name(of metric: any Metric, _ counts: inout [String: Int]) -> String {
    let metric = type(of: metric)
    guard self == .counted, Self.unnamed.contains(metric.name) else { return metric.logName }
    counts[metric.name, default: 0] += 1
    return "\(metric.logName)_\(counts[metric.name] ?? 1)"
  }
}

/// The histories of how metrics are reported.
enum MetricHistory {
  static let all: [any AnyHistory] = [
    MetricAggregation.history, MetricMasks.history, WeightedMetricNames.history,
    MetricObjectNames.history, LossAverage.ofOutputs,
  ]
}
