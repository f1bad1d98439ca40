/// Strata's own random stream: Philox4x32-10, a counter run through ten rounds of multiply and mix.
///
/// A stream is a key, made from a seed and a name, and a position. Block p of a stream is a pure
/// function of the key and p, so any part can be computed without what comes before it, and streams
/// with different names are independent. The counter of a block is
///
///     (low word of p, high word of p, attempt, 0)
///
/// where `attempt` counts the pairs that the polar method of `normal` has rejected at that position.
/// Every draw starts at a new block and moves the position on by the blocks it covers.
///
/// Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.
public struct Philox: Sendable, Equatable, Codable {
  /// The two words of the key.
  let key: SIMD2<UInt32>
  /// The number of the block that the next draw starts with.
  public var position: UInt64

  /// The stream of that name under a seed.
  ///
  /// The key is the 64-bit FNV-1a hash of the seed's eight bytes, lowest first, and the name in UTF-8;
  /// its low word comes first.
  public init(seed: UInt64, name: String, position: UInt64 = 0) {
    var hash = FNV1a()
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      hash.combine(UInt8(truncatingIfNeeded: seed >> shift))
    }
    for byte in name.utf8 { hash.combine(byte) }
    self.key = [UInt32(truncatingIfNeeded: hash.value), UInt32(hash.value >> 32)]
    self.position = position
  }

  /// `count` values of [0, 1), multiples of 2⁻²⁴; 4 for each block.
  public mutating func uniform(count: Int) -> [Float] {
    words(count: count).map { Float($0 >> 8) * 0x1p-24 }
  }

  /// `count` values that are 1 with the given probability, else 0: `uniform < probability`.
  public mutating func bernoulli(probability: Float, count: Int) -> [Float] {
    words(count: count).map { Float($0 >> 8) * 0x1p-24 < probability ? 1 : 0 }
  }

  /// `count` standard normal values by the polar method; 2 for each block.
  public mutating func normal(count: Int) -> [Float] {
    let blocks = (count + 1) / 2
    var values: [Float] = []
    values.reserveCapacity(2 * blocks)
    for offset in 0..<blocks {
      let pair = normalPair(at: position &+ UInt64(offset))
      values.append(pair.0)
      values.append(pair.1)
    }
    position &+= UInt64(blocks)
    if values.count > count { values.removeLast() }
    return values
  }

  /// Shuffles by Fisher-Yates from the end: element i is exchanged with one of 0...i.
  ///
  /// The partner is a masked word, the next one while it is above i. The words come from the blocks in
  /// order, and the position moves past the last block that was touched.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    elements = permutation(elements.count).map { elements[$0] }
  }

  /// The numbers 0..<count, shuffled.
  public mutating func permutation(_ count: Int) -> [Int] {
    precondition(count <= 0x1_0000_0000, "Philox: shuffle takes at most 2³² elements.")
    var order = Array(0..<count)
    var block: SIMD4<UInt32> = .zero
    var used = 4
    for i in stride(from: count - 1, to: 0, by: -1) {
      let mask = UInt32.max >> UInt32(i).leadingZeroBitCount
      var partner = UInt32.max
      repeat {
        if used == 4 {
          block = self.block(at: position)
          position &+= 1
          used = 0
        }
        partner = block[used] & mask
        used += 1
      } while partner > i
      order.swapAt(i, Int(partner))
    }
    return order
  }

  /// The next `count` words; the position moves on to a new block.
  private mutating func words(count: Int) -> [UInt32] {
    let blocks = (count + 3) / 4
    var words: [UInt32] = []
    words.reserveCapacity(4 * blocks)
    for offset in 0..<blocks {
      let block = block(at: position &+ UInt64(offset))
      for lane in 0..<4 { words.append(block[lane]) }
    }
    position &+= UInt64(blocks)
    words.removeLast(words.count - count)
    return words
  }

  /// The two normal values of a block: the first of its attempts that falls into the unit disc.
  ///
  ///     x = 2·u - 1 with u of 53 bits, first from the words (0, 1), then from (2, 3)
  private func normalPair(at position: UInt64) -> (Float, Float) {
    var attempt: UInt32 = 0
    while true {
      let block = block(at: position, attempt: attempt)
      let x1 = Self.symmetric(block[0], block[1])
      let x2 = Self.symmetric(block[2], block[3])
      let r2 = x1 * x1 + x2 * x2
      if r2 < 1, r2 != 0 {
        let factor = (-2 * DoubleFunctions.log(r2) / r2).squareRoot()
        return (Float(x1 * factor), Float(x2 * factor))
      }
      attempt &+= 1
    }
  }

  /// A multiple of 2⁻⁵² in [-1, 1).
  private static func symmetric(_ high: UInt32, _ low: UInt32) -> Double {
    Double(UInt64(high) << 21 | UInt64(low >> 11)) * 0x1p-52 - 1
  }

  /// Block `position` of the stream.
  func block(at position: UInt64, attempt: UInt32 = 0) -> SIMD4<UInt32> {
    let low = UInt32(truncatingIfNeeded: position)
    return Self.block(counter: SIMD4(low, UInt32(position >> 32), attempt, 0), key: key)
  }

  /// Ten rounds of the bijection Philox4x32.
  static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let p0 = c[0].multipliedFullWidth(by: 0xd251_1f53)
      let p1 = c[2].multipliedFullWidth(by: 0xcd9e_8d57)
      c = SIMD4(p1.high ^ c[1] ^ k[0], p1.low, p0.high ^ c[3] ^ k[1], p0.low)
      k &+= SIMD2(0x9e37_79b9, 0xbb67_ae85)
    }
    return c
  }
}

/// The 64-bit FNV-1a hash, byte by byte.
///
/// Source: Fowler, Noll & Vo, draft-eastlake-fnv, section 5.
package struct FNV1a: Sendable {
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func combine(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}
