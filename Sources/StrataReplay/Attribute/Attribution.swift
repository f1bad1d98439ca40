/// Why two releases give different results: the changes of one training, ranked by their effects.
public struct Attribution: Sendable, Codable {
  /// One change alone.
  public struct Row: Sendable, Codable {
    public var change: ExplainedChange
    /// By metric: the first release with the change put in, less the first release.
    public var putIn: [MeasuredEffect]
    /// By metric: the second release, less the second release with the change taken out.
    public var takenOut: [MeasuredEffect]
    /// Whether the change moves no bit of state or history, put in or taken out, under any seed.
    public var movesNothing: Bool
    /// Why a variant could not be trained.
    public var failure: String?
    /// Of the variant with the change put in, over the seeds.
    public var history: [String: [Double]]
  }

  public var from: String
  public var to: String
  public var metrics: [AttributedMetric]
  public var seeds: [UInt64]
  /// Of both releases, the mean over the seeds, by metric.
  public var values: [Pair]
  /// The second release less the first, by metric.
  public var total: [MeasuredEffect]
  /// The largest effect on the first metric first.
  public var rows: [Row]
  /// The whole update rule of the second release put into the first.
  public var rule: Rule
  /// By metric: the total less the sum of all changes put in alone.
  public var unexplained: [MeasuredEffect]
  /// Whether the first release with all changes together is the second to the last bit: nothing
  /// that matters is missing from the list.
  public var isComplete: Bool
  /// Changes of what the training uses that it chose itself or that do not come to bear.
  public var withoutEffect: [String]
  /// The mean history of both releases.
  public var histories: [[String: [Double]]]
  /// Whether each variant drew its own initial weights.
  public var drawsWeights: Bool
  public var seconds: Double
  public var trainings: Int

  /// What the update rule contributes, all its settings together.
  public struct Rule: Sendable, Codable {
    public var name: String
    /// By metric.
    public var putIn: [MeasuredEffect]
    /// Whether no bit of state or history moves, under any seed.
    public var movesNothing: Bool
  }

  public struct Pair: Sendable, Codable, Hashable {
    public var from: Double
    public var to: Double
  }

  /// Whether nothing that applies changed.
  public var isEmpty: Bool { rows.isEmpty }
}

extension Attribution.Row {
  /// The mean of both ways to isolate the change, by which rows are ranked.
  public func effect(_ metric: Int) -> Double {
    let means = [putIn[metric].mean, takenOut[metric].mean].filter(\.isFinite)
    return means.isEmpty ? 0 : means.reduce(0, +) / Double(means.count)
  }

  /// Whether the effect on a metric is told from noise; nil for a single seed.
  public func isClear(_ metric: Int) -> Bool? {
    guard let first = putIn[metric].isClear, let second = takenOut[metric].isClear else {
      return nil
    }
    return first || second
  }
}
