import Foundation
internal import StrataCallbacks
internal import StrataSemantics
public import StrataTraining

/// Runs the recorded traces in files and folders through this build.
///
///     let results = try ConformanceRun(paths: ["golden/keras-1.2.0"], only: [.layers]).run {
///       print($0)
///     }
///
/// What a file is comes from what is in it. A file whose kind is not known is unknown, which is not
/// agreement, whatever kinds are asked for. Inputs of traces, saved files that a trace tells of, and
/// lists are no traces by themselves. Where `same-as.json` names a file that stands for an absent
/// one, it is run once more under the release of the absent one.
public struct ConformanceRun: Sendable {
  public var paths: [String]
  /// nil: all kinds.
  public var only: Set<ConformanceKind>?
  /// The runners of traces of one result each.
  public var suite: ConformanceSuite
  public var callbacks: CallbackConformance
  public var files: FileConformance

  /// - Parameters:
  ///   - paths: Folders, searched to the bottom, or single files.
  ///   - only: The kinds wanted; nil: all.
  ///   - data: The samples of recorded fits; nil: `data/digits.h5` in a folder above the trace.
  ///   - catalog: By which the names in traces are found.
  public init(
    paths: [String], only: Set<ConformanceKind>? = nil, data: String? = nil,
    catalog: Catalog = .builtIn
  ) {
    self.paths = paths
    self.only = only
    suite = ConformanceSuite(catalog: catalog, data: data)
    callbacks = CallbackConformance()
    files = FileConformance()
  }

  /// Runs all traces.
  ///
  /// - Parameter report: Called with each result as it comes.
  /// - Returns: All results.
  /// - Throws: `TraceError` for a path that does not exist or holds no trace; what `report` throws.
  public func run(
    _ report: (ConformanceResult) throws -> Void = { _ in }
  ) throws -> ConformanceResults {
    var all = ConformanceResults()
    for path in paths {
      let listing = try TraceListing(path)
      for entry in listing.entries {
        for result in results(entry) {
          all.results.append(result)
          try report(result)
        }
      }
    }
    return all
  }

  private func isWanted(_ kind: ConformanceKind) -> Bool { only?.contains(kind) ?? true }

  private func results(_ entry: TraceListing.Entry) -> [ConformanceResult] {
    if entry.path.hasSuffix(".json") { return decisions(entry) }
    guard entry.path.hasSuffix(".h5") else {
      return [.unknown(entry, "a file of an unknown kind")]
    }
    let trace: TraceFile
    do throws(TraceError) { trace = try TraceFile(entry.path, as: entry.release) } catch {
      return [.unknown(entry, "\(error)")]
    }
    if trace.kind == .inputs { return entry.isNamed ? [.unknown(entry, "no trace by itself")] : [] }
    guard let kind = ConformanceKind(trace.kind) else { return [suite.run(trace)] }
    guard isWanted(kind) else { return [] }
    var results = kind == .files ? files.run(trace) : [suite.run(trace)]
    // A kind without a runner still counts for its own axis.
    for index in results.indices where results[index].axis == nil {
      results[index].axis = kind.axis
    }
    return results
  }

  private func decisions(_ entry: TraceListing.Entry) -> [ConformanceResult] {
    guard CallbackFile.isTrace(entry.path) else {
      return [.unknown(entry, "no trace of callbacks")]
    }
    guard isWanted(.callbacks) else { return [] }
    return EventTrace.isOne(entry.path)
      ? [EventTraceConformance.built.run(file: entry.path)] : callbacks.run(file: entry.path)
  }
}

extension ConformanceResult {
  fileprivate static func unknown(
    _ entry: TraceListing.Entry, _ reason: String
  ) -> ConformanceResult {
    ConformanceResult(
      axis: nil, release: entry.release ?? "?",
      name: URL(fileURLWithPath: entry.path).lastPathComponent, verdict: .unknown(reason))
  }
}
