import Foundation
public import StrataTraining

/// Runs traces of one kind.
public protocol TraceRunner: Sendable {
  /// Whether the trace is of its kind.
  func takes(_ trace: TraceFile) -> Bool
  /// Runs the trace; what it cannot run is `unknown`.
  func run(_ trace: TraceFile) -> ConformanceResult
}

/// The runners of all kinds; a file that none takes is `unknown`, never in agreement.
public struct ConformanceSuite: Sendable {
  public var runners: [any TraceRunner]

  public init(_ runners: [any TraceRunner]) { self.runners = runners }

  /// - Parameters:
  ///   - catalog: By which the names in traces are found.
  ///   - data: The samples of recorded fits; nil looks for them above the trace.
  public init(catalog: Catalog, data: String? = nil) {
    runners = [
      OptimizerConformance(registry: catalog.optimizers),
      LossConformance(registry: catalog.losses), MetricConformance(), LayerConformance(),
      FitConformance(data: data),
    ]
  }

  public static let builtIn = ConformanceSuite(catalog: .builtIn)

  /// The result of one file.
  ///
  /// - Parameters:
  ///   - path: The trace.
  ///   - release: Another release that recorded the same values; it is run instead.
  /// - Returns: The verdict; what cannot be run is unknown.
  public func run(file path: String, as release: String? = nil) -> ConformanceResult {
    let trace: TraceFile
    do throws(TraceError) { trace = try TraceFile(path, as: release) } catch {
      let name = URL(fileURLWithPath: path).lastPathComponent
      return ConformanceResult(
        axis: nil, release: release ?? "?", name: name, verdict: .unknown("\(error)"))
    }
    return run(trace)
  }

  /// The result of one trace.
  public func run(_ trace: TraceFile) -> ConformanceResult {
    guard let runner = runners.first(where: { $0.takes(trace) }) else {
      return trace.unknown(nil, "no runner for \(trace.kind)")
    }
    return runner.run(trace)
  }

  /// The results of all `.h5` files under a folder, in order of their paths.
  public func run(folder path: String) -> [ConformanceResult] {
    let names = FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".h5") }.sorted().map { run(file: path + "/" + $0) }
  }
}
