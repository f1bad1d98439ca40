import Foundation
import StrataCore
import StrataOptimizers
import StrataSemantics
import TestSupport
import Testing

@testable import StrataReplay

/// The recorded optimizers tell neighbouring releases apart.
///
/// Each setting of a rule that changed is taken from the entry before and after the one in force,
/// alone; a recorded trace must then disagree by ten times the tolerance, or the change only orders
/// or rounds the same operations in another way, and is listed as such.
@Suite struct DiscriminationTests {
  /// Changes that only reorder or round, for some rules or all: traces need not tell them apart.
  static let reorderings: Set<String> = [
    "adam-expression-grouping", "adam-accumulator-rounding", "adam-fused-kernel",
    "adamax-fused-kernel", "adadelta-rho-variable", "sgd-nesterov-step-first",
    "optimizer-decay-quotient",
  ]

  /// Settings that concern gradients of lookups; the recorded optimizers were given dense ones, and
  /// saved models with embeddings see them (`ConformanceKind.files`).
  private static let ofLookups: Set<String> = ["optimizer.gradientSquares", "optimizer.sparseRows"]

  /// A change beside the entry in force under a release, and how far traces see it.
  struct Neighbour: Sendable, CustomStringConvertible {
    var release: String
    var optimizer: String
    var setting: String
    var change: String
    var values: String
    var error = 0.0
    var trace = "none"
    /// Whether it only reorders or rounds; ε = 1e-8 or 1e-7 beside the root of an accumulator that
    /// starts at 0.1 is in the last digit too.
    var isRounding: Bool {
      DiscriminationTests.reorderings.contains(change)
        || setting == "adagrad.epsilon" && change == "optimizer-epsilon-none-to-k-epsilon"
          && (release.hasPrefix("keras-3") || release.hasPrefix("tf.keras"))
    }
    var isSeen: Bool { error >= 10 * Tolerances.optimizer.relative }
    mutating func note(_ error: Double, _ place: String) {
      if error > self.error { (self.error, trace) = (error, place) }
    }

    /// Options that some changes need.
    private static let options: [(name: String, settings: [String: ConfigurationValue])] = [
      ("default", [:]), ("clipnorm", ["clipnorm": .number(0.5)]),
      ("clipvalue", ["clipvalue": .number(0.1)]),
      ("clipnorm, clipvalue", ["clipnorm": .number(0.5), "clipvalue": .number(0.1)]),
      ("decay", ["decay": .number(0.01)]), ("momentum", ["momentum": .number(0.9)]),
      ("nesterov", ["momentum": .number(0.9), "nesterov": .flag(true)]),
      (
        "averages",
        [
          "use_ema": .flag(true), "ema_overwrite_frequency": .number(3),
          "learning_rate": .number(0.1),
        ]
      ),
    ]

    /// With the difference that the other entry makes to the rule on the recorded gradients.
    func tried(_ version: Version, _ semantics: Semantics) throws -> Neighbour {
      var copy = self
      for pattern in ["plain", "mixed", "tiny_first"] {
        let file = RecordedTraceTests.fixtures.appending(
          path: "common/optimizer-gradients__\(pattern)__seed11.h5")
        let gradients = try TraceFile(file.path)
        for (name, settings) in Self.options {
          let error = try OptimizerReplay.difference(
            optimizer, settings, gradients, semantics, semantics.overriding(setting, with: version))
          if let error { copy.note(error, "\(pattern) gradients, \(name)") }
        }
      }
      return copy
    }

    var key: String { "\(release) \(optimizer) \(setting) \(values)" }
    var description: String { "\(key) [\(change)]: \(error) in \(trace)" }
  }

  /// The changes next to the entries in force under the releases of these traces, with the largest
  /// error that each makes: against the traces, or against the rule itself on recorded gradients with
  /// the options that a trace does not have.
  static func neighbours(_ files: [String]) throws -> [Neighbour] {
    var found: [String: (row: Neighbour, version: Version, semantics: Semantics)] = [:]
    for file in files {
      let trace = try TraceFile(file)
      guard trace.kind == .optimizer, trace.standsFor == nil else { continue }
      let semantics = try trace.semantics()
      guard semantics.lineage != .torch, let name = trace.optimizerName else { continue }
      let rule = try OptimizerRegistry.builtIn.optimizer(name, configuration: [:], semantics)
      let histories = rule.optimizer.histories.filter {
        $0.effect == .trajectory && !ofLookups.contains($0.setting)
      }
      for history in histories {
        for neighbour in beside(history, semantics, name, trace.release) {
          let result = OptimizerConformance(overriding: [history.setting: neighbour.version])
            .run(trace)
          var row = found[neighbour.row.key]?.row ?? neighbour.row
          row.note(result.error, trace.name)
          found[row.key] = (row, neighbour.version, semantics)
        }
      }
    }
    return try found.values.map { row, version, semantics in
      row.isSeen ? row : try row.tried(version, semantics)
    }.sorted { $0.key < $1.key }
  }

  private static func beside(
    _ history: any AnyHistory, _ semantics: Semantics, _ name: String, _ release: String
  ) -> [(row: Neighbour, version: Version)] {
    let timeline = history.timeline
    let position = semantics.position(for: history.setting)
    guard let now = timeline.lastIndex(where: { $0.since <= position }) else { return [] }
    return [now - 1, now + 1].filter(timeline.indices.contains).map { index in
      let change = timeline[max(now, index)].change?.id ?? ""
      let row = Neighbour(
        release: release, optimizer: name, setting: history.setting, change: change,
        values: "\(timeline[now].value) | \(timeline[index].value)")
      return (row, timeline[index].since)
    }
  }

  private func check(_ neighbours: [Neighbour]) {
    for neighbour in neighbours {
      #expect(neighbour.isSeen || neighbour.isRounding, "\(neighbour)")
    }
  }

  /// Every change that is listed is one that some rule has only in its rounding.
  @Test func whatIsListedAsRoundingIs() throws {
    let rules = try ["SGD", "Adam", "Adamax", "Adadelta"].map {
      try OptimizerRegistry.builtIn.optimizer($0, configuration: [:], .keras("2.3.1")).optimizer
    }
    let known = rules.flatMap(\.histories).flatMap { $0.timeline.compactMap { $0.change?.id } }
    #expect(Self.reorderings.isSubset(of: known))
  }

  @Test func theFixturesTellNeighbouringReleasesApart() throws {
    let files = RecordedTraceTests.files("optimizers").map {
      RecordedTraceTests.fixtures.appending(path: $0).path
    }
    let neighbours = try Self.neighbours(files)
    for neighbour in neighbours { print("discrimination:", neighbour) }
    check(neighbours)
  }

  /// The whole tree, where it is at hand (`STRATA_GOLDEN=FOLDER`).
  @Test(.enabled(if: RecordedTraces.folder != nil))
  func allTracesTellNeighbouringReleasesApart() throws {
    let only = ProcessInfo.processInfo.environment["STRATA_ONLY"] ?? ""
    for folder in Golden.folders("optimizers") where folder.contains("/\(only)") {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      let files = names.filter { $0.hasSuffix(".h5") && $0 != "inputs.h5" }
      let neighbours = try Self.neighbours(files.map { "\(folder)/\($0)" })
      for neighbour in neighbours { print("discrimination:", neighbour) }
      check(neighbours)
    }
  }
}

extension ConformanceResult {
  /// The largest relative error; a release that refuses is as far away as can be.
  fileprivate var error: Double {
    if case .unknown = verdict { .infinity } else { largestRelativeError }
  }
}

extension OptimizerReplay {
  /// The largest relative difference of parameters after any step of a rule under two semantics; nil
  /// if the rule has no such settings under either.
  static func difference(
    _ name: String, _ settings: [String: ConfigurationValue], _ gradients: TraceFile,
    _ first: Semantics, _ second: Semantics
  ) throws -> Double? {
    let rule = try OptimizerRegistry.builtIn.optimizer(name, configuration: settings, first)
    guard rule.unknownKeys.isEmpty else { return nil }
    let states = try [first, second].map { semantics -> [State<[Float]>]? in
      var optimizer = rule.optimizer
      do { try optimizer.resolve(under: semantics) } catch { return nil }
      return try OptimizerReplay(OptimizerTrace(optimizer, gradients)).native()
    }
    guard let a = states[0], let b = states[1] else {
      return states[0] == nil && states[1] == nil ? nil : .infinity
    }
    var comparison = Comparison(Tolerances.optimizer)
    for (a, b) in zip(a, b) {
      for (a, b) in zip(a.parameters, b.parameters) { comparison.add("p", a, b) }
    }
    return comparison.largestRelativeError
  }
}
