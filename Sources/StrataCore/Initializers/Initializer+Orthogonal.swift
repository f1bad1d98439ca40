import StrataTensor

extension Initializer {
  /// `gain` times a matrix with orthonormal rows or columns, whichever are fewer.
  ///
  /// Source: Saxe, McClelland & Ganguli 2013 (arXiv:1312.6120).
  func orthogonal(
    _ shape: Shape, gain: Double, _ random: inout RandomStream,
    _ method: InitializationMethod.Orthogonal
  ) throws(InitializerError) -> [Float] {
    guard shape.rank >= 2 else {
      throw InitializerError(
        initializer: "\(self)", expected: "two axes or more", found: "shape \(shape)")
    }
    let byRows = method == .singularValuesOfRows
    let rows = byRows ? shape[0] : shape.dimensions.dropLast().reduce(1, *)
    let columns = byRows ? shape.droppingFirst().count : shape.last
    guard shape.count > 0 else { return [] }
    let matrix: [Double]
    if method == .qr {
      let (tall, narrow) = (max(rows, columns), min(rows, columns))
      let q = orthonormalColumns(random.normalMatrix(rows * columns), rows: tall, columns: narrow)
      matrix = rows >= columns ? q : transposed(q, rows: tall, columns: narrow)
    } else {
      let parts = singularValueDecomposition(
        random.normalMatrix(rows * columns), rows: rows, columns: columns)
      // NumPy's `u if u.shape == flat_shape else v`.
      matrix = rows >= columns ? parts.u : parts.vt
    }
    return matrix.map { Float(gain * $0) }
  }
}

/// Q of the QR decomposition whose R has a positive diagonal, by modified Gram-Schmidt, done twice.
///
/// - Parameters:
///   - a: `[rows, columns]`, row by row, `rows >= columns`.
///   - rows: The length of a column.
///   - columns: The number of columns.
/// - Returns: Q, row by row.
func orthonormalColumns(_ a: [Double], rows: Int, columns: Int) -> [Double] {
  var q = (0..<columns).map { column in (0..<rows).map { a[$0 * columns + column] } }
  for column in 0..<columns {
    for _ in 0..<2 {
      for earlier in 0..<column {
        let projection = zip(q[earlier], q[column]).reduce(0) { $0 + $1.0 * $1.1 }
        for row in 0..<rows { q[column][row] -= projection * q[earlier][row] }
      }
    }
    let norm = q[column].reduce(0) { $0 + $1 * $1 }.squareRoot()
    for row in 0..<rows { q[column][row] /= norm }
  }
  return transposed(q.flatMap(\.self), rows: columns, columns: rows)
}

private func transposed(_ a: [Double], rows: Int, columns: Int) -> [Double] {
  (0..<columns).flatMap { column in (0..<rows).map { a[$0 * columns + column] } }
}
