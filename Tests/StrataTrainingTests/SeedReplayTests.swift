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

  private static let kinds = ["dense", "dropout", "lstm"]

  /// Release, kind of model, seed; two more releases of Keras 2 from one seed.
  private static let runs =
    ["0.3.3", "1.2.0", "1.2.2", "2.3.1"].flatMap { release in
      kinds.flatMap { kind in [1337, 1, 42].map { (release, kind, $0 as UInt64) } }
    } + ["2.0.9", "2.2.4"].flatMap { release in kinds.map { (release, $0, 1337) } }

  @Test(arguments: runs)
  func repeatsARunFromItsSeed(release: String, kind: String, seed: UInt64) throws {
    let record = try Self.record("keras-\(release)-\(kind)-seed\(seed).json")
    let version = try #require(Version(parsing: release))
    let theano = try #require(Version(parsing: record["theano"] as? String ?? ""))
    let model = try Model(
      Self.architecture(kind), semantics: .keras(version, backend: .theano(theano)), seed: seed)
    let isOrthogonal = kind == "lstm" && !release.hasPrefix("1.")
    try checkInitialWeights(model, record, isExact: !isOrthogonal)
    try model.compile(
      optimizer: SGD(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    try checkOrders(model, record)
    let digits = try Fixtures.digits(kind == "lstm" ? [8, 8] : [64]).slice(0..<1500)
    let history = try model.fit(
      digits.inputs[0], digits.targets[0], batchSize: 32, epochs: 8, verbosity: .silent)
    let recorded = try #require(record["loss"] as? [Double])
    let errors = zip(history["loss"], recorded).map { abs($0 - $1) / $1 }
    print("\(release) \(kind) \(seed): relative errors of the losses \(errors)")
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

  /// Uniform weights are the recorded ones to the bit; what goes through singular values, the
  /// recurrent matrices of 0.3.3 and 2.3.1, is close. (The gates of an LSTM are listed in another order.)
  private func checkInitialWeights(
    _ model: Model, _ record: [String: Any], isExact: Bool
  ) throws {
    let recorded = try #require(record["initial"] as? [[String: Any]])
    let weights = try model.weights.map { try $0.value.floats() }
    #expect(weights.count == recorded.count)
    let digests = Set(
      weights.map { values in
        Self.digest(values.flatMap { value in withUnsafeBytes(of: value.bitPattern) { Array($0) } })
      })
    for entry in recorded where !digests.contains(entry["fnv1a"] as? String ?? "") {
      let bits = try #require(entry["first_bits"] as? [Int])
      let first = bits.map { Float(bitPattern: UInt32($0)) }
      let isNear = weights.contains { weight in
        zip(weight, first).allSatisfy { abs($0 - $1) < 1e-6 }
      }
      #expect(isNear && !isExact, "\(entry["shape"] ?? "")")
    }
  }

  /// The order of every epoch, drawn from where the model's generator stands.
  private func checkOrders(_ model: Model, _ record: [String: Any]) throws {
    guard let digests = record["orders_fnv1a"] as? [String] else { return }
    var generator = try #require(model.random.global)
    var order = Array(UInt16(0)..<1500)
    for digest in digests {
      generator.shuffle(&order)
      var bytes: [UInt8] = []
      for number in order { withUnsafeBytes(of: number) { bytes += Array($0) } }
      #expect(Self.digest(bytes) == digest)
    }
  }

  /// The 64-bit FNV-1a hash.
  private static func digest(_ bytes: [UInt8]) -> String {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
