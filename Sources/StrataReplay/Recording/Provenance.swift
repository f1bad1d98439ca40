internal import Foundation
public import StrataTraining

/// What a saved model says of its training: the run without its tensors, as a JSON text.
///
/// Initial weights are not held; they are drawn again from the seed, and their digest tells whether
/// the training began with them.
public struct Provenance: Sendable {
  public let record: RunRecord
  /// By key of the logs, a value for each epoch.
  public let history: [String: [Double]]
  /// Of weights and optimizer slots before the training.
  public let initial: Digest

  public init(_ run: RunFile) {
    record = run.record
    history = run.history
    initial = Digest(of: run.initial.map { Digest(of: $0) })
  }

  /// The run that a replay compares with: no tensors, no batches.
  ///
  /// - Throws: `ReplayError` if the training did not begin with weights drawn from the seed, or what
  ///   building the model throws.
  public func run(catalog: Catalog = .builtIn) throws -> RunFile {
    let model = try Model(record.architecture, semantics: record.semantics, seed: record.seed)
    try model.compile(record.compile)
    let values = model.stateValues
    let drawn = Digest(of: values.map { Digest(of: $0) })
    guard drawn == initial, record.iterations == 0 else {
      throw ReplayError(
        place: "initial weights",
        expected: "those drawn from the seed (the training began with others)",
        found: "the digest \(initial.short), not \(drawn.short)")
    }
    return RunFile(
      record: record, random: model.random, initial: values, batches: [:], rates: [],
      history: history)
  }
}

extension Provenance: ModelOrigin {
  package func provenance(of model: Model) throws -> String? {
    StateDigest(of: model) == record.digests.last ? try text() : nil
  }
}

extension Provenance {
  private struct Content: Codable {
    var record: RunRecord
    var history: [String: [Double]]
    var initial: Digest
  }

  /// The JSON text.
  public func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .strata
    let content = Content(record: record, history: history, initial: initial)
    return String(decoding: try encoder.encode(content), as: UTF8.self)
  }

  /// - Throws: `DecodingError` for another text, `UnknownNameError` for a name that the catalog does
  ///   not hold.
  public init(text: String, catalog: Catalog = .builtIn) throws {
    let decoder = JSONDecoder()
    decoder.userInfo[.catalog] = catalog
    decoder.nonConformingFloatDecodingStrategy = .strata
    let content = try decoder.decode(Content.self, from: Data(text.utf8))
    record = content.record
    history = content.history
    initial = content.initial
  }
}
