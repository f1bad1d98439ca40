import StrataReplay
import StrataSemantics

/// Verdicts for each trace, and their counts by release and axis.
struct ConformReport: Encodable {
  struct Trace: Encodable {
    var release: String
    var axis: String?
    var name: String
    var verdict: String
    /// Where it differs, or why it could not be run.
    var reason: String?
    /// The largest absolute difference of any value.
    var largestDifference: Double
    /// The largest recorded value.
    var largestValue: Double
    /// The largest difference as a share of the largest value of its tensor.
    var largestRelative: Double
    /// Whether the Float64 result had to decide for a tensor.
    var decidedByFloat64: Bool
  }

  struct Row: Encodable {
    var release: String
    var axis: String?
    var agreeing, differing, unknown: Int
    var largestRelative: Double
  }

  var traces: [Trace]
  var summary: [Row]
  /// Whether there was a trace, and all were run and agree.
  var agrees: Bool

  init(_ results: [ConformanceResult]) {
    traces = results.map(Trace.init)
    summary = ConformanceSummary.of(results).map { summary in
      Row(
        release: summary.release, axis: Self.name(summary.axis), agreeing: summary.agrees,
        differing: summary.differs, unknown: summary.unknown,
        largestRelative: summary.largestRelativeError)
    }.sorted { ($0.release, $0.axis ?? "") < ($1.release, $1.axis ?? "") }
    agrees = !traces.isEmpty && traces.allSatisfy { $0.verdict == "agrees" }
  }

  fileprivate static func name(_ axis: Axis?) -> String? {
    ConformCommand.axisNames.first { $0.axis == axis }?.name ?? axis?.rawValue
  }
}

extension ConformReport.Trace {
  init(_ result: ConformanceResult) {
    release = result.release
    axis = ConformReport.name(result.axis)
    name = result.name
    largestDifference = result.largestError
    largestValue = result.largestValue
    largestRelative = result.largestRelativeError
    decidedByFloat64 = result.usedShadow
    switch result.verdict {
    case .agrees: verdict = "agrees"
    case .differs(let place): (verdict, reason) = ("differs", place)
    case .unknown(let why): (verdict, reason) = ("unknown", why)
    }
  }
}

extension ConformReport {
  /// A line for each release and axis.
  var table: [String] {
    let head = ["release", "axis", "agreeing", "differing", "unknown", "largest error"]
    let rows = summary.map { row in
      [
        row.release, row.axis ?? "?", "\(row.agreeing)", "\(row.differing)", "\(row.unknown)",
        TextTable.short(row.largestRelative),
      ]
    }
    return TextTable.lines([head] + rows, numeric: 2...5)
  }

  /// The traces that do not agree, by name.
  var exceptions: [String] {
    let named = traces.filter { $0.verdict != "agrees" }.map { trace in
      "\(trace.verdict): \(trace.release) \(trace.axis ?? "?") \(trace.name): \(trace.reason ?? "")"
        + (trace.verdict == "differs" ? " (\(TextTable.short(trace.largestRelative)))" : "")
    }
    return named.isEmpty ? [] : [""] + named
  }
}
