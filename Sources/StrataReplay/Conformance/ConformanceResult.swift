public import StrataSemantics

/// What came of running one recorded trace.
public struct ConformanceResult: Sendable {
  public enum Verdict: Sendable, Hashable {
    case agrees
    /// Where the first or largest difference lies.
    case differs(String)
    /// The trace could not be run, and why.
    case unknown(String)
  }

  /// nil for a file whose kind is not known.
  public var axis: Axis?
  /// The release that recorded it, for example `keras-1.2.0+theano-0.9.0`.
  public var release: String
  /// The name of the trace: its file without the extension.
  public var name: String
  public var verdict: Verdict
  /// The largest absolute difference of any value.
  public var largestError: Double
  /// The largest recorded value.
  public var largestValue: Double
  /// The largest difference as a share of the largest value of its tensor.
  public var largestRelativeError: Double
  /// Whether the Float64 result had to decide for a tensor.
  public var usedShadow: Bool

  public init(
    axis: Axis?, release: String, name: String, verdict: Verdict, largestError: Double = 0,
    largestValue: Double = 0, largestRelativeError: Double = 0, usedShadow: Bool = false
  ) {
    self.axis = axis
    self.release = release
    self.name = name
    self.verdict = verdict
    self.largestError = largestError
    self.largestValue = largestValue
    self.largestRelativeError = largestRelativeError
    self.usedShadow = usedShadow
  }
}

extension ConformanceResult: CustomStringConvertible {
  public var description: String {
    let head = "\(release) \(axis?.rawValue ?? "-") \(name): "
    switch verdict {
    case .agrees:
      let judge = usedShadow ? " (nearer to the Float64 result)" : ""
      return head + "agrees, largest relative error \(largestRelativeError)\(judge)"
    case .differs(let place): return head + "differs at \(place): \(largestRelativeError)"
    case .unknown(let reason): return head + "unknown, \(reason)"
    }
  }
}

/// Counts of verdicts for one release and axis.
public struct ConformanceSummary: Sendable, Hashable {
  public var release: String
  public var axis: Axis?
  public var agrees = 0
  public var differs = 0
  public var unknown = 0
  public var decidedByShadow = 0
  /// The largest relative error among traces that agree.
  public var largestRelativeError = 0.0

  /// The summaries of results, by release and axis in order of appearance.
  public static func of(_ results: [ConformanceResult]) -> [ConformanceSummary] {
    var summaries: [ConformanceSummary] = []
    for result in results {
      let index = summaries.firstIndex { $0.release == result.release && $0.axis == result.axis }
      if index == nil {
        summaries.append(ConformanceSummary(release: result.release, axis: result.axis))
      }
      summaries[index ?? summaries.count - 1].add(result)
    }
    return summaries
  }

  private mutating func add(_ result: ConformanceResult) {
    switch result.verdict {
    case .agrees:
      agrees += 1
      if result.usedShadow { decidedByShadow += 1 }
      largestRelativeError = max(largestRelativeError, result.largestRelativeError)
    case .differs: differs += 1
    case .unknown: unknown += 1
    }
  }
}
