/// The six words of one MRG31k3p stream: the last three values of each recursion, newest first.
struct MRGState: Sendable, Equatable {
  static let m1: UInt32 = 2_147_483_647
  static let m2: UInt32 = 2_147_462_579
  /// 2⁻³¹ as Theano writes it for Float32, the largest factor that keeps every product below 1.
  private static let scale: Float = 4.6566126e-10

  private var x1, x2, x3, y1, y2, y3: UInt32

  init(_ x1: UInt32, _ x2: UInt32, _ x3: UInt32, _ y1: UInt32, _ y2: UInt32, _ y3: UInt32) {
    (self.x1, self.x2, self.x3) = (x1, x2, x3)
    (self.y1, self.y2, self.y3) = (y1, y2, y3)
  }

  /// Saved words, or nil when they are not six or not below their modulus.
  init?(words: [UInt32]) {
    guard words.count == 6 else { return nil }
    guard words[..<3].allSatisfy({ $0 < Self.m1 }), words[3...].allSatisfy({ $0 < Self.m2 }) else {
      return nil
    }
    self.init(words[0], words[1], words[2], words[3], words[4], words[5])
  }

  var words: [UInt32] { [x1, x2, x3, y1, y2, y3] }

  /// One step of both recursions and the value between them.
  mutating func next() -> Float {
    let x = (UInt64(x2) << 22 + UInt64(x3) * 129) % UInt64(Self.m1)
    let y = (UInt64(y1) << 15 + UInt64(y3) * 32769) % UInt64(Self.m2)
    (x1, x2, x3) = (UInt32(x), x1, x2)
    (y1, y2, y3) = (UInt32(y), y1, y2)
    let difference = x1 <= y1 ? x1 &+ Self.m1 &- y1 : x1 - y1
    return Float(Int32(bitPattern: difference)) * Self.scale
  }

  /// The state many steps ahead: both triples times the powers of their transition matrices.
  func jumped(_ jump: Jump) -> MRGState {
    let x = Self.product(jump.x, (x1, x2, x3), modulus: Self.m1)
    let y = Self.product(jump.y, (y1, y2, y3), modulus: Self.m2)
    return MRGState(x.0, x.1, x.2, y.0, y.1, y.2)
  }

  private typealias Triple = (UInt32, UInt32, UInt32)

  private static func product(
    _ matrix: [UInt32], _ vector: Triple, modulus: UInt32
  ) -> Triple {
    func row(_ i: Int) -> UInt32 {
      // Factors below 2^31: three products fit in 64 bits.
      let a = UInt64(matrix[i]) * UInt64(vector.0)
      let b = UInt64(matrix[i + 1]) * UInt64(vector.1)
      let c = UInt64(matrix[i + 2]) * UInt64(vector.2)
      return UInt32((a + b + c) % UInt64(modulus))
    }
    return (row(0), row(3), row(6))
  }
}

extension MRGState {
  /// Powers of the two transition matrices, row by row.
  struct Jump: Sendable {
    let x: [UInt32]
    let y: [UInt32]

    /// The step applied 2^exponent times, by squaring.
    init(powerOfTwo exponent: Int) {
      var x: [UInt32] = [0, 1 << 22, 129, 1, 0, 0, 0, 1, 0]
      var y: [UInt32] = [1 << 15, 0, 32769, 1, 0, 0, 0, 1, 0]
      for _ in 0..<exponent {
        x = Self.square(x, modulus: m1)
        y = Self.square(y, modulus: m2)
      }
      self.x = x
      self.y = y
    }

    private static func square(_ a: [UInt32], modulus: UInt32) -> [UInt32] {
      (0..<9).map { index in
        let (row, column) = (index / 3 * 3, index % 3)
        var sum: UInt64 = 0  // of three products below 2^62
        for k in 0..<3 { sum += UInt64(a[row + k]) * UInt64(a[3 * k + column]) }
        return UInt32(sum % UInt64(modulus))
      }
    }
  }

  /// The distance of the streams of one variable, 2⁷² steps.
  static let jump72 = Jump(powerOfTwo: 72)
  /// The distance of two variables, 2¹³⁴ steps.
  static let jump134 = Jump(powerOfTwo: 134)
}

extension MRGState: Codable {
  init(from decoder: any Decoder) throws {
    let words = try decoder.singleValueContainer().decode([UInt32].self)
    guard let state = MRGState(words: words) else {
      throw RandomStateError(
        stream: "theano-mrg", expected: "6 words below the moduli", found: "\(words)")
    }
    self = state
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(words)
  }
}
