/// Dots on a grid of characters, two across and four down in each.
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var patterns: [UInt8]
  /// The curve that was drawn last in each cell.
  private(set) var owners: [Int?]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    patterns = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: nil, count: columns * rows)
  }

  /// The bits of a cell's dots, by column and row (Unicode's order of braille dots).
  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  mutating func set(x: Int, y: Int, owner: Int) {
    guard 0..<(2 * columns) ~= x, 0..<(4 * rows) ~= y else { return }
    let cell = y / 4 * columns + x / 2
    patterns[cell] |= Self.bits[x % 2][y % 4]
    owners[cell] = owner
  }

  /// A straight line; `isDashed` leaves out every other pair of dots.
  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int), owner: Int, isDashed: Bool) {
    let count = max(abs(b.x - a.x), abs(b.y - a.y), 1)
    for step in 0...count {
      let x = a.x + rounded((b.x - a.x) * step, over: count)
      let y = a.y + rounded((b.y - a.y) * step, over: count)
      if isDashed, (x / 2 + y / 4) % 2 == 1 { continue }
      set(x: x, y: y, owner: owner)
    }
  }

  func character(row: Int, column: Int) -> Character {
    let pattern = patterns[row * columns + column]
    guard pattern != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(pattern)) else { return " " }
    return Character(scalar)
  }

  func owner(row: Int, column: Int) -> Int? { owners[row * columns + column] }

  private func rounded(_ product: Int, over count: Int) -> Int {
    (2 * product + (product < 0 ? -count : count)) / (2 * count)
  }
}
