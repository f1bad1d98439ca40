import Foundation
import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// A seed is enough to repeat what real Keras did: weights, order, dropout masks, losses
/// (`Fixtures/seed/README.md`).
///
/// STRATA_SEED_RECORDS names a folder with records made afresh.
@Suite struct SeedReplayTests {
  private static func architecture(_ kind: String) -> Sequential {
    switch kind {
    case "lstm":
      Sequential(input: [8, 8]) {
        LSTM(units: 24)
        Dense(units: 10, activation: .softmax)
      }
    case "dropout":
      Sequential(input: [64]) {
        Dense(units: 128, activation: .relu)
        Dropout(rate: 0.3)
        Dense(units: 64, activation: .relu)
        Dropout(rate: 0.5)
        Dense(units: 10, activation: .softmax)
      }
    default:
      Sequential(input: [64]) {
        Dense(units: 128, activation: .relu)
        Dense(units: 64, activation: .relu)
        Dense(units: 10, activation: .softmax)
      }
    }
  }

  @Test(arguments: ["0.3.3", "1.2.0"], ["dense", "dropout", "lstm"])
  func repeatsARunFromItsSeed(release: String, kind: String) throws {
    let record = try Self.record("keras-\(release)-\(kind)-seed1337.json")
    let version = try #require(Version(parsing: release))
    let model = try Model(Self.architecture(kind), semantics: .keras(version), seed: 1337)
    if kind != "lstm" { try checkInitialWeights(model, record) }
    try model.compile(
      optimizer: SGD(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    let digits = try Fixtures.digits(kind == "lstm" ? [8, 8] : [64]).slice(0..<1500)
    let history = try model.fit(
      digits.inputs[0], digits.targets[0], batchSize: 32, epochs: 8, verbosity: .silent)
    let recorded = try #require(record["loss"] as? [Double])
    let errors = zip(history["loss"], recorded).map { abs($0 - $1) / $1 }
    print("\(release) \(kind): relative errors of the losses \(errors)")
    #expect(history["loss"].count == 8)
    #expect(errors[0] < 1e-5)
    #expect(errors[7] < 1e-3)
  }

  private static func record(_ name: String) throws -> [String: Any] {
    let fresh = ProcessInfo.processInfo.environment["STRATA_SEED_RECORDS"]
    let folder = fresh.map { URL(filePath: $0) } ?? Fixtures.folder.appending(path: "seed")
    let data = try Data(contentsOf: folder.appending(path: name))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func checkInitialWeights(_ model: Model, _ record: [String: Any]) throws {
    let recorded = try #require(record["initial"] as? [[String: Any]])
    for (weight, entry) in zip(model.weights, recorded) {
      let bits = try weight.value.floats().prefix(6).map { Int($0.bitPattern) }
      #expect(bits == entry["first_bits"] as? [Int], "\(weight.path)")
    }
  }
}
