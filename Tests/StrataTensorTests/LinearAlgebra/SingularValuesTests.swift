import StrataTensor
import Testing

/// Against `numpy.linalg.svd` of NumPy 1.13.3 (`Tests/Fixtures/linear-algebra/numpy_svd.py`).
@Suite struct SingularValuesTests {
  struct Record: Decodable {
    struct Decomposition: Decodable {
      let seed: UInt32
      let rows, columns: Int
      let s: [Double]
      let u, v: [[Double]]
    }
    let matrices: [Decomposition]
  }

  /// The matrices were drawn from NumPy's stream, so they can be drawn again.
  private func matrix(_ record: Record.Decomposition) -> [Double] {
    var random = NumPyRandom(seed: record.seed)
    return random.normal(count: record.rows * record.columns)
  }

  /// The two weight vectors of the script.
  private func weights(_ n: Int) -> [[Double]] {
    [(0..<n).map { Double($0 * 7 % 11) - 4.5 }, (0..<n).map { Double($0 * $0 * 3 % 13) - 5.25 }]
  }

  private func largest(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  @Test func valuesVectorsAndSigns() throws {
    let record = try recordedFixture(
      "linear-algebra/svd-numpy-1.13.3.json", as: Record.self)
    #expect(record.matrices.count == 25)
    for item in record.matrices {
      let (m, n, k) = (item.rows, item.columns, min(item.rows, item.columns))
      let (u, s, vt) = singularValueDecomposition(matrix(item), rows: m, columns: n)
      #expect(largest(s, item.s) < 1e-8, "values of [\(m), \(n)]")
      for (w, expected) in zip(weights(m), item.u) {
        let found = (0..<k).map { i in (0..<m).reduce(0) { $0 + w[$1] * u[$1 * k + i] } }
        #expect(largest(found, expected) < 1e-6, "left vectors of [\(m), \(n)]")
      }
      for (w, expected) in zip(weights(n), item.v) {
        let found = (0..<k).map { i in (0..<n).reduce(0) { $0 + w[$1] * vt[i * n + $1] } }
        #expect(largest(found, expected) < 1e-6, "right vectors of [\(m), \(n)]")
      }
    }
  }

  /// `u·diag(s)·vt` is the matrix, and both factors are orthonormal.
  @Test(arguments: [(7, 7), (30, 9), (9, 30), (40, 35)])
  func reconstructs(rows: Int, columns: Int) {
    var random = NumPyRandom(seed: 5)
    let a = random.normal(count: rows * columns)
    let k = min(rows, columns)
    let (u, s, vt) = singularValueDecomposition(a, rows: rows, columns: columns)
    var product = [Double](repeating: 0, count: rows * columns)
    for i in 0..<rows {
      for j in 0..<columns {
        for l in 0..<k { product[i * columns + j] += u[i * k + l] * s[l] * vt[l * columns + j] }
      }
    }
    #expect(largest(product, a) < 1e-12)
    for p in 0..<k {
      for q in 0..<k {
        let dot = (0..<columns).reduce(0) { $0 + vt[p * columns + $1] * vt[q * columns + $1] }
        #expect(abs(dot - (p == q ? 1 : 0)) < 1e-13)
      }
    }
  }

  @Test func specialMatrices() {
    let zero = singularValueDecomposition([0, 0, 0, 0, 0, 0], rows: 3, columns: 2)
    #expect(zero.s == [0, 0])
    let identity = singularValueDecomposition([1, 0, 0, 1], rows: 2, columns: 2)
    #expect(identity.s == [1, 1])
    let empty = singularValueDecomposition([], rows: 0, columns: 4)
    #expect(empty.s.isEmpty && empty.u.isEmpty && empty.vt.isEmpty)
    let rankOne = singularValueDecomposition([3, 0, 0, 4, 0, 0], rows: 2, columns: 3)
    #expect(abs(rankOne.s[0] - 5) < 1e-14)
    #expect(abs(rankOne.s[1]) < 1e-15)
  }
}
