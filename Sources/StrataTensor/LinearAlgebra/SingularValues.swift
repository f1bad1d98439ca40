/// The thin singular value decomposition `a = u · diag(s) · vt`, with the signs LAPACK gives.
///
///     a [rows, columns]   u [rows, k]   s [k], decreasing   vt [k, columns]   k = min(rows, columns)
///
/// All matrices are row by row. A pair of singular vectors may change its sign together; Keras's
/// orthogonal initialiser takes `u` or `vt` from `numpy.linalg.svd`, so the sign is part of the result
/// and this function goes the way of LAPACK's `dgesdd`: Householder reflections (after a QR or LQ
/// factorisation when one side is at least 11/6 of the other), then the singular values of the
/// bidiagonal matrix. Up to k = 25 LAPACK iterates by implicit QR, as is done here. Above, it divides
/// and conquers; here QR iterates all the same, and the sign is the one that the merge would give.
///
/// Every number comes from `+ - * /` and square roots in a fixed order.
///
/// Source: LAPACK Users' Guide, third edition, sections 2.4.6 and 3.4.3; Demmel & Kahan 1990, "Accurate
/// singular values of bidiagonal matrices"; Gu & Eisenstat 1995, "A divide-and-conquer algorithm for
/// the bidiagonal SVD" (the sign of section 3: the left vector's component along the joining row is
/// negative).
package func singularValueDecomposition(
  _ a: [Double], rows: Int, columns: Int
) -> (u: [Double], s: [Double], vt: [Double]) {
  precondition(
    a.count == rows * columns,
    "singularValueDecomposition: [\(rows), \(columns)] needs \(rows * columns) values, "
      + "but got \(a.count).")
  guard !a.isEmpty else { return ([], [], []) }
  if rows >= columns {
    let parts = tallDecomposition(Matrix(a, rows: rows, columns: columns), lower: false)
    return (parts.left.transposed.values, parts.s, parts.right.values)
  }
  let turned = Matrix(a, rows: rows, columns: columns).transposed
  let parts = tallDecomposition(turned, lower: true)
  return (parts.right.transposed.values, parts.s, parts.left.values)
}

/// Singular vectors as rows, of a matrix with at least as many rows as columns.
///
/// `lower` says that the matrix is the transpose of the one asked for: then the bidiagonal matrix is
/// lower in the sense of the original, unless it was factorised first.
private func tallDecomposition(
  _ a: Matrix, lower: Bool
) -> (left: Matrix, s: [Double], right: Matrix) {
  let k = a.columns
  guard a.rows >= k * 11 / 6, a.rows > k else {
    return smallDecomposition(a, lower: lower)
  }
  var reduced = a
  let reflectors = reduced.triangularize()
  var triangle = Matrix(rows: k, columns: k)
  for i in 0..<k {
    for j in i..<k { triangle[i, j] = reduced[i, j] }
  }
  // The transpose of a transposed triangle is bidiagonalised as LAPACK does with its L.
  let inner = smallDecomposition(lower ? triangle.transposed : triangle, lower: false)
  let (near, short) = lower ? (inner.right, inner.left) : (inner.left, inner.right)
  var long = near.widened(to: a.rows)
  for reflector in reflectors.reversed() { long.reflectRows(reflector) }
  return (long, inner.s, short)
}

private func smallDecomposition(
  _ a: Matrix, lower: Bool
) -> (left: Matrix, s: [Double], right: Matrix) {
  var reduced = a
  let form = reduced.bidiagonalize()
  var core = BidiagonalSVD(diagonal: form.diagonal, offDiagonal: form.offDiagonal, lower: lower)
  core.solve()
  var left = (lower ? core.right : core.left).widened(to: a.rows)
  var right = lower ? core.left : core.right
  for reflector in form.left.reversed() { left.reflectRows(reflector) }
  for reflector in form.right.reversed() { right.reflectRows(reflector) }
  return (left, core.diagonal, right)
}
