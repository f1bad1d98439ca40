/// A Float64 matrix, row by row, for the small decompositions of initial weights.
struct Matrix: Sendable, Equatable {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(_ values: [Double], rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(rows: Int, columns: Int) {
    self.init([Double](repeating: 0, count: rows * columns), rows: rows, columns: columns)
  }

  static func identity(_ n: Int) -> Matrix {
    var result = Matrix(rows: n, columns: n)
    for i in 0..<n { result[i, i] = 1 }
    return result
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows {
      for j in 0..<columns { result[j, i] = self[i, j] }
    }
    return result
  }

  /// The same rows with zeros after them.
  func widened(to width: Int) -> Matrix {
    guard width > columns else { return self }
    var result = Matrix(rows: rows, columns: width)
    for i in 0..<rows {
      for j in 0..<columns { result[i, j] = self[i, j] }
    }
    return result
  }

  /// Rows `(i, j)` become `(c·i + s·j, c·j - s·i)`.
  mutating func rotateRows(_ i: Int, _ j: Int, _ rotation: Rotation) {
    let (c, s, width) = (rotation.c, rotation.s, columns)
    values.withUnsafeMutableBufferPointer { x in
      let (a, b) = (i * width, j * width)
      for k in 0..<width {
        let (p, q) = (x[a + k], x[b + k])
        x[a + k] = c * p + s * q
        x[b + k] = c * q - s * p
      }
    }
  }

  mutating func negateRow(_ i: Int) {
    for k in (i * columns)..<((i + 1) * columns) { values[k] = -values[k] }
  }

  mutating func swapRows(_ i: Int, _ j: Int) {
    for k in 0..<columns { values.swapAt(i * columns + k, j * columns + k) }
  }
}
