internal import CStrataKernels

/// Rows of a table: `out[i...] = table[indices[i...]]`; an index outside gives NaN.
package struct Gather: Operation {
  package var name: String { "gather" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].shape.rank == 2, operands[0].element == .float32,
      operands[1].element == .int32
    else { throw fail("a float32 matrix and int32 indices", operands) }
    return TensorType(Shape(operands[1].shape.dimensions + [operands[0].shape[1]]))
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let table = site.operands[0].shape
    return [
      .apply(
        ScatterAdd(rows: table[0]), [site.upstream.reshaped([-1, table[1]]), site.operands[1]]),
      nil,
    ]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (table, width) = (operands[0], type.shape.last)
    return .real(
      operands[1].integers.flatMap { index in
        (0..<table.shape[0]).contains(Int(index))
          ? Array(table.reals[Int(index) * width..<(Int(index) + 1) * width])
          : [S](repeating: .nan, count: width)
      })
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let table = site.operands[0].type.shape
    program.append(
      STRATA_GATHER, [site.result] + site.operands,
      sizes: [site.operands[1].type.shape.count, table[1], table[0]])
  }
}

/// `out[indices[i]] += source[i]` into zeros, in order of i.
package struct ScatterAdd: Operation {
  package var rows: Int
  package var name: String { "scatterAdd" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].shape.rank == 2, operands[0].element == .float32,
      operands[1].element == .int32, operands[1].shape.count == operands[0].shape[0]
    else { throw fail("float32 rows and as many int32 indices", operands) }
    return TensorType([rows, operands[0].shape[1]])
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [
      .apply(Gather(), [site.upstream, site.operands[1].reshaped([site.operands[0].shape[0]])]),
      nil,
    ]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let width = type.shape[1]
    var result = [S](repeating: 0, count: type.shape.count)
    for (row, index) in operands[1].integers.enumerated() where (0..<rows).contains(Int(index)) {
      for column in 0..<width {
        result[Int(index) * width + column] += operands[0].reals[row * width + column]
      }
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let source = site.operands[0].type.shape
    program.append(
      STRATA_SCATTER_ADD, [site.result] + site.operands, sizes: [source[0], source[1], rows])
  }
}

extension Tensor {
  /// Rows of this matrix by Int32 indices of any shape.
  public func gather(_ indices: Tensor) -> Tensor { .apply(Gather(), [self, indices]) }

  /// The rows of this matrix added up at Int32 places of `rows` rows of zeros, in order; places
  /// outside are left out.
  package func scattered(_ places: Tensor, rows: Int) -> Tensor {
    .apply(ScatterAdd(rows: rows), [self, places])
  }
}
