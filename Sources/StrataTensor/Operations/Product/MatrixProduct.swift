internal import CStrataKernels

/// Batched matrix product `[b, m, k] x [b, k, n] -> [b, m, n]`, each operand optionally stored
/// transposed; one chain of fused multiply-adds over k.
package struct MatrixProduct: Operation {
  package var transposeA = false
  package var transposeB = false
  package var name: String { "matmul" }

  struct Sizes { var batch = 0, m = 0, n = 0, k = 0 }

  func sizes(_ operands: [TensorType]) -> Sizes? {
    let (a, b) = (operands[0].shape, operands[1].shape)
    guard a.rank == 3, b.rank == 3, a[0] == b[0] else { return nil }
    let (m, k) = transposeA ? (a[2], a[1]) : (a[1], a[2])
    let (inner, n) = transposeB ? (b[2], b[1]) : (b[1], b[2])
    return inner == k ? Sizes(batch: a[0], m: m, n: n, k: k) : nil
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands.allSatisfy({ $0.element == .float32 }), let sizes = sizes(operands) else {
      throw fail("float32 matrices whose inner sizes agree", operands)
    }
    return TensorType([sizes.batch, sizes.m, sizes.n])
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (a, b, g) = (site.operands[0], site.operands[1], site.upstream)
    func product(_ x: Tensor, _ y: Tensor, _ tx: Bool, _ ty: Bool) -> Tensor {
      .apply(MatrixProduct(transposeA: tx, transposeB: ty), [x, y])
    }
    let da = { transposeA ? product(b, g, transposeB, true) : product(g, b, false, !transposeB) }
    let db = { transposeB ? product(g, a, true, transposeA) : product(a, g, !transposeA, false) }
    return [site.isNeeded[0] ? da() : nil, site.isNeeded[1] ? db() : nil]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (a, b) = (operands[0].reals, operands[1].reals)
    let shape = type.shape
    let (batch, m, n) = (shape[0], shape[1], shape[2])
    let k = batch * m == 0 ? 0 : a.count / (batch * m)
    var result = [S](repeating: 0, count: shape.count)
    for z in 0..<batch {
      for i in 0..<m {
        for j in 0..<n {
          var c: S = 0
          for p in 0..<k {
            let x = a[z * m * k + (transposeA ? p * m + i : i * k + p)]
            let y = b[z * k * n + (transposeB ? j * k + p : p * n + j)]
            c = c.addingProduct(x, y)
          }
          result[(z * m + i) * n + j] = c
        }
      }
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    guard let sizes = sizes(site.operands.map(\.type)) else { return }
    let flags =
      (transposeA ? STRATA_TRANSPOSE_A : 0) | (transposeB ? STRATA_TRANSPOSE_B : 0)
    program.append(
      STRATA_MATMUL, [site.result] + site.operands,
      sizes: [
        sizes.batch, sizes.m, sizes.n, sizes.k, sizes.m * sizes.k, sizes.k * sizes.n,
        sizes.m * sizes.n,
      ], flags: Int32(flags))
  }
}

extension Tensor {
  /// The matrix product over the last axis of `self` and the last but one of `other`.
  ///
  ///     [..., m, k] x [k, n] -> [..., m, n]        [b..., m, k] x [b..., k, n] -> [b..., m, n]
  public func matmul(
    _ other: Tensor, transposeA: Bool = false, transposeB: Bool = false
  ) -> Tensor {
    let operation = MatrixProduct(transposeA: transposeA, transposeB: transposeB)
    guard rank >= 1, other.rank >= 2, rank >= 2 || !transposeA else {
      return failing(operation.fail("matrices", [type, other.type]))
    }
    if other.rank == 2 && !transposeA {
      // Leading axes of the left operand are rows.
      let rows = shape.dimensions.dropLast().reduce(1, *)
      let left = reshaped([1, rows, shape.last])
      let right = other.reshaped([1] + other.shape)
      let product = Tensor.apply(operation, [left, right])
      return product.reshaped(shape.replacingLast(with: product.shape.last))
    }
    let batch = shape.dimensions.dropLast(2)
    guard rank >= 2, Array(batch) == Array(other.shape.dimensions.dropLast(2)) else {
      return failing(operation.fail("equal leading sizes", [type, other.type]))
    }
    let flat = batch.reduce(1, *)
    let product = Tensor.apply(
      operation,
      [
        reshaped([flat, shape[-2], shape[-1]]),
        other.reshaped([flat, other.shape[-2], other.shape[-1]]),
      ])
    return product.reshaped(Shape(Array(batch) + [product.shape[-2], product.shape[-1]]))
  }
}

extension Shape {
  static func + (a: [Int], b: Shape) -> Shape { Shape(a + b.dimensions) }
}
