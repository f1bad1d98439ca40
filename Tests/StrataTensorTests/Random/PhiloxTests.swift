import Foundation
import Testing

@testable import StrataTensor

@Suite struct PhiloxTests {
  /// The known answers of Random123 1.14.0, file `kat_vectors`, lines `philox4x32 10`.
  @Test(arguments: [
    (
      SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4(repeating: UInt32.max), SIMD2(repeating: UInt32.max),
      SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2(0xa409_3822, 0x299f_31d0),
      SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, block: SIMD4<UInt32>) {
    #expect(Philox.block(counter: counter, key: key) == block)
  }

  /// The vectors of the FNV page: "", "a" and "foobar".
  @Test(arguments: [
    ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
  ])
  func hashOfNames(text: String, expected: UInt64) {
    var hash = FNV1a()
    for byte in text.utf8 { hash.combine(byte) }
    #expect(hash.value == expected)
  }

  @Test func positionGivesRandomAccess() {
    var whole = Philox(seed: 1, name: "weights")
    let values = whole.uniform(count: 40)
    #expect(whole.position == 10)
    var middle = Philox(seed: 1, name: "weights", position: 5)
    #expect(middle.uniform(count: 8) == Array(values[20..<28]))
    var normals = Philox(seed: 1, name: "weights")
    let all = normals.normal(count: 21)
    #expect(normals.position == 11)
    var late = Philox(seed: 1, name: "weights", position: 7)
    #expect(late.normal(count: 3) == Array(all[14..<17]))
  }

  @Test func seedsAndNamesGiveOtherStreams() {
    var streams = [
      Philox(seed: 1, name: "a"), Philox(seed: 2, name: "a"), Philox(seed: 1, name: "b"),
      Philox(seed: 1, name: "a", position: 3),
    ]
    let draws = Set(streams.indices.map { streams[$0].uniform(count: 4) })
    #expect(draws.count == 4)
  }

  /// Mean and variance of 20000 values within five standard errors.
  @Test func moments() {
    var stream = Philox(seed: 42, name: "moments")
    let n = 20_000
    let normals = stream.normal(count: n).map { Double($0) }
    let mean = normals.reduce(0, +) / Double(n)
    let variance = normals.reduce(0) { $0 + $1 * $1 } / Double(n) - mean * mean
    #expect(abs(mean) < 5 / Double(n).squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / Double(n)).squareRoot())
    let uniforms = stream.uniform(count: n)
    #expect(uniforms.allSatisfy { (0..<1).contains($0) })
    let center = uniforms.reduce(0) { $0 + Double($1) } / Double(n)
    #expect(abs(center - 0.5) < 5 * (1 / 12.0 / Double(n)).squareRoot())
    let mask = stream.bernoulli(probability: 0.3, count: n)
    #expect(abs(mask.reduce(0, +) - 6000) < 5 * (Float(n) * 0.21).squareRoot())
  }

  @Test func maskIsTheComparisonOfUniformValues() {
    var a = Philox(seed: 9, name: "dropout")
    var b = a
    #expect(
      a.bernoulli(probability: 0.25, count: 33) == b.uniform(count: 33).map { $0 < 0.25 ? 1 : 0 })
    #expect(a == b)
  }

  /// Each of three elements comes to each place about as often: 6000 shuffles, 2000 ± 5σ each.
  @Test func shuffleIsFair() {
    var stream = Philox(seed: 3, name: "order")
    var counts = [[Int]](repeating: [0, 0, 0], count: 3)
    for _ in 0..<6000 {
      var items = [0, 1, 2]
      stream.shuffle(&items)
      for (place, item) in items.enumerated() { counts[place][item] += 1 }
    }
    #expect(counts.joined().allSatisfy { abs($0 - 2000) < 183 })
  }

  @Test func shuffleOfNothingTakesNothing() {
    var stream = Philox(seed: 3, name: "order")
    var items = [5]
    stream.shuffle(&items)
    #expect(items == [5])
    #expect(stream.position == 0)
  }

  /// Words, normal values and one order of a stream: frozen, they never change.
  @Test func frozenDraws() {
    var stream = Philox(seed: 1337, name: "frozen")
    #expect(
      stream.uniform(count: 4).map(\.bitPattern)
        == [0x3d0c_17e0, 0x3f43_eabf, 0x3d06_db20, 0x3e01_0ad4])
    #expect(stream.normal(count: 3).map(\.bitPattern) == [0xbf85_b884, 0xbf06_a553, 0x3f25_f6d4])
    var order = Array(0..<10)
    stream.shuffle(&order)
    #expect(order == [2, 8, 5, 1, 9, 3, 6, 0, 4, 7])
    #expect(stream.position == 6)
  }

  @Test func savedStreamGoesOn() throws {
    var stream = Philox(seed: 11, name: "x")
    _ = stream.normal(count: 3)
    let saved = try JSONEncoder().encode(RandomStream.philox(stream))
    let restored = try JSONDecoder().decode(RandomStream.self, from: saved)
    #expect(restored == .philox(stream))
  }
}
