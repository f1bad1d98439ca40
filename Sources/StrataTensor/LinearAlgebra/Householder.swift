/// A reflection `I - τ·v·vᵀ` that acts on the components from `start` on; v's first component is 1.
struct Reflector: Sendable {
  let start: Int
  let tau: Double
  let v: [Double]

  /// The reflection that turns `x` into `(β, 0, …, 0)`, β of the sign opposite to `x[0]`.
  ///
  /// When only `x[0]` differs from zero nothing is reflected and β = `x[0]`.
  static func annihilating(_ x: [Double], start: Int) -> (Reflector, beta: Double) {
    let rest = x.dropFirst().reduce(0) { $0 + $1 * $1 }
    var v = x
    v[0] = 1
    guard rest > 0 else { return (Reflector(start: start, tau: 0, v: v), x[0]) }
    let norm = (x[0] * x[0] + rest).squareRoot()
    let beta = x[0] < 0 ? norm : -norm
    let scale = 1 / (x[0] - beta)
    for k in 1..<max(v.count, 1) { v[k] *= scale }
    return (Reflector(start: start, tau: (beta - x[0]) / beta, v: v), beta)
  }
}

/// A bidiagonal matrix B with `A = (left reflections) · B · (right reflections)`.
struct BidiagonalForm {
  var diagonal: [Double] = []
  var offDiagonal: [Double] = []
  var left: [Reflector] = []
  var right: [Reflector] = []
}

extension Matrix {
  /// Reflects every row: `row ← row·(I - τ·v·vᵀ)`.
  mutating func reflectRows(_ reflector: Reflector, from first: Int = 0) {
    guard reflector.tau != 0 else { return }
    let (v, tau, width) = (reflector.v, reflector.tau, columns)
    let rows = first..<max(first, self.rows)
    values.withUnsafeMutableBufferPointer { x in
      for row in rows {
        let base = row * width + reflector.start
        var product = 0.0
        for k in 0..<v.count { product += x[base + k] * v[k] }
        product *= tau
        for k in 0..<v.count { x[base + k] -= product * v[k] }
      }
    }
  }

  /// Reflects every column from `first` on: `column ← (I - τ·v·vᵀ)·column`.
  private mutating func reflectColumns(_ reflector: Reflector, from first: Int) {
    guard reflector.tau != 0, first < columns else { return }
    let (v, tau, width) = (reflector.v, reflector.tau, columns)
    var products = [Double](repeating: 0, count: width)
    values.withUnsafeMutableBufferPointer { x in
      for k in 0..<v.count {
        let base = (reflector.start + k) * width
        for j in first..<width { products[j] += x[base + j] * v[k] }
      }
      for k in 0..<v.count {
        let base = (reflector.start + k) * width
        let factor = tau * v[k]
        for j in first..<width { x[base + j] -= factor * products[j] }
      }
    }
  }

  /// Clears column `i` below row `i` and returns what was done.
  private mutating func clearColumn(_ i: Int) -> Reflector {
    let (reflector, beta) = Reflector.annihilating((i..<rows).map { self[$0, i] }, start: i)
    reflectColumns(reflector, from: i + 1)
    self[i, i] = beta
    return reflector
  }

  /// Turns the matrix into R of its QR factorisation; what lies below the diagonal is left behind.
  mutating func triangularize() -> [Reflector] {
    (0..<columns).map { clearColumn($0) }
  }

  /// The upper bidiagonal form of a matrix with at least as many rows as columns.
  mutating func bidiagonalize() -> BidiagonalForm {
    var form = BidiagonalForm()
    for i in 0..<columns {
      form.left.append(clearColumn(i))
      form.diagonal.append(self[i, i])
      guard i + 1 < columns else { break }
      let tail = ((i + 1)..<columns).map { self[i, $0] }
      let (reflector, beta) = Reflector.annihilating(tail, start: i + 1)
      reflectRows(reflector, from: i + 1)
      form.right.append(reflector)
      form.offDiagonal.append(beta)
    }
    return form
  }
}
