/// Decompresses deflated data.
///
/// Source: RFC 1951. Blocks are stored, or coded by Huffman codes that are fixed or stand before them.
struct Inflater {
  /// Data that no compressor wrote.
  struct Damage: Error {}

  private let input: [UInt8]
  private let count: Int
  private var position = 0
  /// Bits that are read and not yet used, the first one lowest.
  private var bits: UInt64 = 0
  private var available = 0
  private var output: [UInt8] = []

  /// The data of `count` bytes that the input stands for.
  ///
  /// - Throws: `Damage` if it stands for something else.
  static func inflate(_ input: [UInt8], count: Int) throws(Damage) -> [UInt8] {
    var inflater = Inflater(input: input, count: count)
    var isLast = false
    while !isLast {
      isLast = try inflater.take(1) == 1
      switch try inflater.take(2) {
      case 0: try inflater.copyStored()
      case 1: try inflater.decode(.fixedLiterals, .fixedDistances)
      case 2:
        let (literals, distances) = try inflater.readCodes()
        try inflater.decode(literals, distances)
      default: throw Damage()
      }
    }
    guard inflater.output.count == count else { throw Damage() }
    return inflater.output
  }

  private init(input: [UInt8], count: Int) {
    self.input = input
    self.count = count
    output.reserveCapacity(min(count, 1 << 28))
  }

  // MARK: Bits

  private mutating func fill() {
    while available <= 48, position < input.count {
      bits |= UInt64(input[position]) << UInt64(available)
      position += 1
      available += 8
    }
  }

  private mutating func take(_ number: Int) throws(Damage) -> Int {
    fill()
    guard number <= available else { throw Damage() }
    let value = Int(bits & (1 << UInt64(number) - 1))
    bits >>= UInt64(number)
    available -= number
    return value
  }

  private mutating func symbol(_ code: HuffmanCode) throws(Damage) -> Int {
    fill()
    let entry = code.table[Int(bits) & (code.table.count - 1)]
    let length = Int(entry & 15)
    guard length > 0, length <= available else { throw Damage() }
    bits >>= UInt64(length)
    available -= length
    return Int(entry >> 4)
  }

  // MARK: Blocks

  private mutating func copyStored() throws(Damage) {
    _ = try take(available % 8)
    let length = try take(16)
    guard try take(16) == length ^ 0xffff, output.count + length <= count else { throw Damage() }
    for _ in 0..<length { output.append(UInt8(try take(8))) }
  }

  /// The order in which the lengths of the code for lengths stand.
  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  private mutating func readCodes() throws(Damage) -> (HuffmanCode, HuffmanCode) {
    let (literals, distances) = (try take(5) + 257, try take(5) + 1)
    let given = try take(4) + 4
    var lengths = [Int](repeating: 0, count: 19)
    for place in Self.order.prefix(given) { lengths[place] = try take(3) }
    let code = try HuffmanCode(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      let symbol = try symbol(code)
      guard symbol > 15 else {
        all.append(symbol)
        continue
      }
      guard symbol != 16 || !all.isEmpty else { throw Damage() }
      let value = symbol == 16 ? all[all.count - 1] : 0
      let times = try take([2, 3, 7][symbol - 16]) + [3, 3, 11][symbol - 16]
      all += [Int](repeating: value, count: times)
    }
    guard all.count == literals + distances else { throw Damage() }
    return (
      try HuffmanCode(Array(all[..<literals])), try HuffmanCode(Array(all[literals...]))
    )
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]

  private mutating func decode(
    _ literals: HuffmanCode, _ distances: HuffmanCode
  ) throws(Damage) {
    while true {
      let symbol = try symbol(literals)
      if symbol == 256 { return }
      guard symbol > 256 else {
        guard output.count < count else { throw Damage() }
        output.append(UInt8(symbol))
        continue
      }
      guard symbol <= 285 else { throw Damage() }
      let place = symbol - 257
      let lengthBits = place < 8 || place == 28 ? 0 : (place - 4) / 4
      let length = Self.lengthBases[place] + (try take(lengthBits))
      let far = try self.symbol(distances)
      guard far < Self.distanceBases.count else { throw Damage() }
      let distance = Self.distanceBases[far] + (try take(far < 4 ? 0 : far / 2 - 1))
      guard distance <= output.count, output.count + length <= count else { throw Damage() }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }
}

/// A Huffman code as a table: from the next bits, the first one lowest, to a symbol and its length.
private struct HuffmanCode {
  /// `symbol << 4 | length`; 0 where no symbol has these bits.
  private(set) var table: [UInt16]

  /// The code whose symbols have these lengths, up to 15 bits; 0: the symbol does not occur.
  ///
  /// - Throws: `Damage` if there is no such code.
  init(_ lengths: [Int]) throws(Inflater.Damage) {
    let longest = max(lengths.max() ?? 0, 1)
    var counts = [Int](repeating: 0, count: longest + 1)
    for length in lengths where length > 0 { counts[length] += 1 }
    var next = [Int](repeating: 0, count: longest + 1)
    var code = 0
    for length in 1...longest {
      code = (code + (length == 1 ? 0 : counts[length - 1])) << 1
      next[length] = code
      guard code + counts[length] <= 1 << length else { throw Inflater.Damage() }
    }
    table = [UInt16](repeating: 0, count: 1 << longest)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      var reversed = 0
      for bit in 0..<length where next[length] >> bit & 1 == 1 {
        reversed |= 1 << (length - 1 - bit)
      }
      next[length] += 1
      for place in stride(from: reversed, to: table.count, by: 1 << length) {
        table[place] = UInt16(symbol << 4 | length)
      }
    }
  }

  private init(fixed lengths: [Int]) { self = (try? HuffmanCode(lengths)) ?? .none }
  private init(empty: Void) { table = [0, 0] }
  private static let none = HuffmanCode(empty: ())

  static let fixedLiterals = HuffmanCode(
    fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = HuffmanCode(fixed: [Int](repeating: 5, count: 30))
}

/// The checksum of archives: CRC-32 with the polynomial of Ethernet.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1
    }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }
}
