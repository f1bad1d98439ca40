import Foundation
import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor
import Testing

/// Initial weights from a NumPy seed, as real Keras drew them (`Tests/Fixtures/seed`).
@Suite struct SeededWeightsTests {
  private struct Record: Decodable {
    var initial: String
    enum CodingKeys: String, CodingKey { case initial = "initial_float32" }
  }

  /// The arrays of `get_weights()` one after the other.
  private func recorded(_ release: String) throws -> [Float] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/seed/keras-\(release)-lstm-seed1337.json").standardized
    let record = try JSONDecoder().decode(Record.self, from: try Data(contentsOf: file))
    let bytes = try #require(Data(base64Encoded: record.initial))
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
  }

  /// LSTM(24) on [8, 8], Dense(10) after `np.random.seed(1337)`: gates are drawn i, f, c, o and
  /// listed i, c, f, o.
  @Test(arguments: ["0.3.3", "1.2.0"]) func lstmAndDense(_ release: String) throws {
    let semantics = Semantics.keras(try #require(Version(parsing: release)))
    let method = InitializationMethod(under: semantics)
    var random = RandomStream.numpy(NumPyRandom(seed: 1337))
    var drawn: [String: [Float]] = [:]
    var layers: [(any Layer, Shape)] = [(LSTM(units: 24), [8, 8]), (Dense(units: 10), [24])]
    for index in layers.indices {
      layers[index].0.resolve(under: semantics)
      for spec in try layers[index].0.parameters(for: [layers[index].1]) {
        drawn["\(index)/\(spec.name)"] = try spec.initializer.values(
          shape: spec.shape, fans: spec.fans, random: &random, method: method)
      }
    }
    let gates = ["i", "c", "f", "o"].flatMap { gate in
      ["kernel", "recurrent_kernel", "bias"].map { "0/\($0)_\(gate)" }
    }
    let own = try (gates + ["1/kernel", "1/bias"]).flatMap { try #require(drawn[$0]) }
    let real = try recorded(release)
    #expect(own.map(\.bitPattern) == real.map(\.bitPattern))
  }
}
