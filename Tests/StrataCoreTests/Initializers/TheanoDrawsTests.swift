import Foundation
import StrataCore
import StrataSemantics
import StrataTensor
import Testing

/// Weights as real Keras 2 drew them on Theano after `np.random.seed(7)`
/// (`Fixtures/random/keras_theano_weights.py`).
@Suite struct TheanoDrawsTests {
  private struct Record: Decodable {
    struct Weight: Decodable {
      var initializer: String
      var shape: [Int]
      var first: [Float]
      var last: [Float]
      var norm: Double
      var sum: Double
      var next: Int
    }
    var keras: String
    var theano: String
    var values: [Weight]
  }

  private static func records() throws -> [Record] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Fixtures/random/keras-theano-weights.json").standardized
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Record.self, from: Data($0.utf8))
    }
  }

  private static let initializers: [String: Initializer] = [
    "glorot_normal": .varianceScaling(scale: 1, mode: .average, distribution: .normal),
    "he_normal": .varianceScaling(scale: 2, mode: .fanIn, distribution: .normal),
    "glorot_uniform": .varianceScaling(scale: 1, mode: .average, distribution: .uniform),
    "random_normal": .normal(deviation: 0.05), "random_uniform": .uniform(scale: 0.05),
    "truncated_normal": .truncatedNormal(deviation: 0.05),
  ]

  /// Uniform weights to the bit, normal ones within 1e-6; NumPy's generator goes on after one draw.
  @Test func weightsAreThoseOfTheanosGenerator() throws {
    let records = try Self.records()
    let releases = records.map { $0.keras + "+" + $0.theano }
    #expect(releases == ["2.3.1+1.0.5", "2.0.9+1.0.5", "2.2.4+0.9.0"])
    for record in records {
      let semantics = Semantics.keras(
        try #require(Version(parsing: record.keras)),
        backend: .theano(try #require(Version(parsing: record.theano))))
      for weight in record.values { try check(weight, semantics) }
    }
  }

  private func check(_ weight: Record.Weight, _ semantics: Semantics) throws {
    let name = "\(semantics) \(weight.initializer) \(weight.shape)"
    let initializer = try #require(Self.initializers[weight.initializer])
    var random = RandomStream.numpy(NumPyRandom(seed: 7))
    let values = try initializer.values(
      shape: Shape(weight.shape), random: &random, method: InitializationMethod(under: semantics))
    let ends = Array(values.prefix(weight.first.count) + values.suffix(weight.last.count))
    let recorded = weight.first + weight.last
    if weight.initializer.hasSuffix("uniform") {
      #expect(ends.map(\.bitPattern) == recorded.map(\.bitPattern), "\(name)")
    } else {
      #expect(zip(ends, recorded).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
    }
    let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares.squareRoot() - weight.norm) < 1e-6 * weight.norm, "\(name)")
    let sum = values.reduce(0) { $0 + Double($1) }
    #expect(abs(sum - weight.sum) < 1e-5 + 1e-8 * Double(values.count), "\(name)")
    guard case .numpy(var generator) = random else { return }
    #expect(generator.randomInteger(in: 1..<10_000_000) == weight.next, "\(name)")
  }

  /// On other backends, and before Keras 2, weights come from NumPy's numbers.
  @Test(arguments: [Semantics.keras("2.3.1"), .keras("1.2.2")])
  func elsewhereTheStreamItselfIsDrawnFrom(_ semantics: Semantics) throws {
    var random = RandomStream.numpy(NumPyRandom(seed: 1))
    let values = try Initializer.uniform(scale: 0.05).values(
      shape: [2], random: &random, method: InitializationMethod(under: semantics))
    #expect(abs(values[0] - (0.417_022 * 0.1 - 0.05)) < 1e-6)
  }
}
