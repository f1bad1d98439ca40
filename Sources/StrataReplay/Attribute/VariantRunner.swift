internal import Foundation
internal import StrataCallbacks
internal import StrataCore
internal import StrataSemantics
internal import StrataTraining

/// One training among those that an attribution compares.
public struct VariantOutcome: Sendable, Codable {
  public var semantics: String
  /// Settings taken from the other release.
  public var overrides: [String]
  public var seed: UInt64
  public var history: [String: [Double]] = [:]
  /// The digest of the state after the last epoch.
  public var digest = ""
  public var seconds = 0.0
  /// Why it could not be trained.
  public var failure: String?

  /// Whether two trainings are equal to the last bit in state and history.
  func isIdentical(to other: VariantOutcome) -> Bool {
    failure == nil && other.failure == nil && digest == other.digest
      && history.mapValues { $0.map(\.bitPattern) }
        == other.history.mapValues {
          $0.map(\.bitPattern)
        }
  }
}

/// Trains a recorded run under other semantics and seeds; may be called from several threads.
struct VariantRunner: Sendable {
  private let replayer: SendableReplay
  private let data: Dataset
  private let validationData: Dataset?
  /// Whether the recorded weights were drawn from the seed, so that each variant draws its own.
  let startsFromSeed: Bool

  /// What of a replayer may be shared.
  private struct SendableReplay: Sendable {
    var run: RunFile
    var catalog: Catalog
    var value: Replayer { Replayer(run, catalog: catalog) }
  }

  /// - Throws: `ReplayError` if the data are not those of the record.
  init(
    _ run: RunFile, catalog: Catalog, data: Dataset?, validationData: Dataset?
  ) throws {
    let replayer = Replayer(run, catalog: catalog)
    self.replayer = SendableReplay(run: run, catalog: catalog)
    self.data = try replayer.samples(
      data, run.data, run.record.data, run.record.sampleCount, "data")
    self.validationData =
      run.record.fit.hasValidationData ? try replayer.samplesOfValidation(validationData) : nil
    let fresh = try replayer.model(under: run.record.semantics, restored: false)
    startsFromSeed = fresh.stateValues.map { Digest(of: $0) } == run.initial.map { Digest(of: $0) }
  }

  func outcome(_ semantics: Semantics, seed: UInt64) -> VariantOutcome {
    var outcome = VariantOutcome(
      semantics: "\(semantics)", overrides: semantics.overrides.keys.sorted(), seed: seed)
    let start = Date()
    do {
      let model = try model(under: semantics, seed: seed)
      var options = replayer.run.record.fit.options
      options.verbosity = .silent
      options.report = { _ in }
      options.validationData = validationData
      let history = try model.fit(data, options, callbacks: try replayer.value.callbacks())
      for key in history.keys { outcome.history[key] = history[key] }
      outcome.digest = StateDigest(of: model).combined.description
    } catch {
      outcome.failure = "\(error)"
    }
    outcome.seconds = Date().timeIntervalSince(start)
    return outcome
  }

  private func model(under semantics: Semantics, seed: UInt64) throws -> Model {
    let record = replayer.run.record
    let model = try Model(record.architecture, semantics: semantics, seed: seed)
    try model.compile(record.compile)
    guard !startsFromSeed else { return model }
    let counts = model.stateValues.map(\.count)
    let recorded = replayer.run.initial
    if counts == recorded.map(\.count) {
      try model.restoreState(recorded)
      model.optimizerState?.iterations = record.iterations
      model.optimizerState?.learningRate = record.learningRate
    } else if counts.prefix(model.parameters.count)
      .elementsEqual(recorded.prefix(model.parameters.count).map(\.count))
    {
      try model.restoreState(Array(recorded.prefix(model.parameters.count)))
    } else {
      throw ReplayError(
        place: "initial weights", expected: "weights in the arrangement of \(semantics)",
        found: "those of \(record.semantics), which were not drawn from the seed")
    }
    return model
  }
}
