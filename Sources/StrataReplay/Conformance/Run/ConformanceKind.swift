public import StrataSemantics

/// What a recorded trace is of, in the words of folders and of `--only`.
public enum ConformanceKind: String, Sendable, Hashable, Codable, CaseIterable {
  case optimizers, losses, metrics, layers, fit, callbacks, files

  public var axis: Axis {
    switch self {
    case .optimizers: .optimizer
    case .losses: .loss
    case .metrics: .metric
    case .layers: .layer
    case .fit: .fit
    case .callbacks: .callback
    case .files: .file
    }
  }

  public init?(_ axis: Axis) {
    guard let kind = Self.allCases.first(where: { $0.axis == axis }) else { return nil }
    self = kind
  }

  /// nil for traces that are none by themselves, and for those of an unknown kind.
  init?(_ kind: TraceFile.Kind) {
    switch kind {
    case .optimizer: self = .optimizers
    case .loss: self = .losses
    case .metric: self = .metrics
    case .layer: self = .layers
    case .fit: self = .fit
    case .file: self = .files
    case .inputs, .other: return nil
    }
  }
}

/// What came of a run over traces.
public struct ConformanceResults: Sendable {
  public internal(set) var results: [ConformanceResult] = []

  /// Whether there was a trace, and all were run and agree.
  ///
  /// Unknown is not agreement.
  public var agrees: Bool { !results.isEmpty && results.allSatisfy { $0.verdict == .agrees } }

  /// The counts by release and kind, in order of both.
  public var summaries: [ConformanceSummary] {
    ConformanceSummary.of(results).sorted {
      ($0.release, $0.axis?.rawValue ?? "") < ($1.release, $1.axis?.rawValue ?? "")
    }
  }
}
