internal import CStrataKernels

/// The maximum over the middle axis of `[outer, n, inner]`; a NaN wins.
package struct MaximumMiddle: Operation {
  package var outer: Int, n: Int, inner: Int
  /// The operand's with 1 for the axis that is reduced.
  package var resultShape: Shape
  package var name: String { "max" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].element == .float32, n > 0 else {
      throw fail("a float32 axis that is not empty", operands)
    }
    return TensorType(resultShape)
  }

  /// Every element equal to the maximum gets the gradient.
  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [site.operands[0].isEqual(to: site.result) * site.upstream]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let x = operands[0].reals
    var result: [S] = []
    for o in 0..<outer {
      for i in 0..<inner {
        let column = (0..<n).map { x[(o * n + $0) * inner + i] }
        result.append(column.dropFirst().reduce(column[0], BinaryFunction.maximum.apply))
      }
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    program.append(STRATA_MAX, [site.result, site.operands[0]], sizes: [outer, n, inner])
  }
}

/// The index of the largest element of the last axis; a NaN counts as largest, the first one wins.
package struct ArgumentOfMaximum: Operation {
  package var name: String { "argMax" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].element == .float32, operands[0].shape.rank > 0, operands[0].shape.last > 0
    else { throw fail("a float32 axis that is not empty", operands) }
    return TensorType(Shape(Array(operands[0].shape.dimensions.dropLast())))
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] { [nil] }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let x = operands[0].reals
    let n = type.shape.count == 0 ? 0 : x.count / type.shape.count
    return .real(
      (0..<type.shape.count).map { row in
        var best = 0
        for i in 1..<max(n, 1) where x[row * n + best] == x[row * n + best] {
          let (candidate, held) = (x[row * n + i], x[row * n + best])
          if candidate > held || candidate != candidate { best = i }
        }
        return S(best)
      })
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let shape = site.operands[0].type.shape
    program.append(
      STRATA_ARGMAX, [site.result, site.operands[0]],
      sizes: [shape.count / max(shape.last, 1), shape.last])
  }
}

extension Tensor {
  /// The maximum over `axes` (negative counts from the end); all of them by default.
  public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(axes, keepingDimensions) { x, view, shape in
      .apply(
        MaximumMiddle(outer: view.outer, n: view.n, inner: view.inner, resultShape: shape), [x])
    }
  }

  /// The minimum over `axes`: the negated maximum of the negation.
  public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    -(-self).max(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The index of the largest element of the last axis, as Float32.
  public func argMax() -> Tensor { .apply(ArgumentOfMaximum(), [self]) }
}
