/// The Mersenne Twister MT19937: 624 words of state, 32 bits a draw, period 2^19937 - 1.
///
///     x[k+624] = x[k+397] ^ twist(x[k] & 0x8000_0000 | x[k+1] & 0x7fff_ffff)
///
/// Source: Matsumoto & Nishimura 1998, "Mersenne Twister", ACM TOMACS 8(1); the two ways of seeding
/// are those of the 2002 revision (`init_genrand`, `init_by_array`).
package struct MT19937: Sendable, Equatable {
  package static let wordCount = 624
  private static let shift = 397

  /// The 624 words as NumPy's `get_state()[1]` shows them.
  package private(set) var words: [UInt32]
  /// How many of the words are used up: 624 means that the next draw makes new ones.
  package private(set) var position: Int

  /// Seeds from one number, `init_genrand`.
  package init(seed: UInt32) {
    self.words = Self.words(seed: seed)
    self.position = Self.wordCount
  }

  /// Seeds from a list of numbers, `init_by_array`.
  package init(seeds: [UInt32]) {
    precondition(!seeds.isEmpty, "MT19937: seeding from a list needs at least 1 number, got 0.")
    self.words = Self.words(seeds: seeds)
    self.position = Self.wordCount
  }

  /// A saved state, or nil when it cannot be one: not 624 words, or a position outside 0...624.
  package init?(words: [UInt32], position: Int) {
    guard words.count == Self.wordCount, (0...Self.wordCount).contains(position) else { return nil }
    self.words = words
    self.position = position
  }

  /// The next 32 bits, tempered.
  package mutating func next() -> UInt32 {
    if position == Self.wordCount { refill() }
    var y = words[position]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9d2c_5680
    y ^= (y << 15) & 0xefc6_0000
    y ^= y >> 18
    return y
  }

  private mutating func refill() {
    words.withUnsafeMutableBufferPointer { x in
      let n = Self.wordCount
      var k = 0
      while k < n {
        let next = k + 1 == n ? 0 : k + 1
        let far = k + Self.shift < n ? k + Self.shift : k + Self.shift - n
        let y = (x[k] & 0x8000_0000) | (x[next] & 0x7fff_ffff)
        x[k] = x[far] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_b0df)
        k += 1
      }
    }
    position = 0
  }

  private static func words(seed: UInt32) -> [UInt32] {
    var words = [seed]
    words.reserveCapacity(wordCount)
    for k in 1..<wordCount {
      let last = words[k - 1]
      words.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(k))
    }
    return words
  }

  private static func words(seeds: [UInt32]) -> [UInt32] {
    var x = words(seed: 19_650_218)
    var i = 1
    func mixed(_ multiplier: UInt32) -> UInt32 {
      x[i] ^ ((x[i - 1] ^ (x[i - 1] >> 30)) &* multiplier)
    }
    func advance() {
      i += 1
      if i == wordCount {
        x[0] = x[wordCount - 1]
        i = 1
      }
    }
    for k in 0..<max(wordCount, seeds.count) {
      let j = k % seeds.count
      x[i] = mixed(1_664_525) &+ seeds[j] &+ UInt32(truncatingIfNeeded: j)
      advance()
    }
    for _ in 1..<wordCount {
      x[i] = mixed(1_566_083_941) &- UInt32(i)
      advance()
    }
    x[0] = 0x8000_0000
    return x
  }
}
