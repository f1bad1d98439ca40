internal import CStrataKernels

/// The sum over the middle axis of `[outer, n, inner]`, by the tree of the numbers contract.
package struct SumMiddle: Operation {
  package var outer: Int, n: Int, inner: Int
  /// The operand's with 1 for the axes that are summed.
  package var resultShape: Shape
  package var name: String { "sum" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].element == .float32 else { throw fail("float32", operands) }
    return TensorType(resultShape)
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [site.upstream.broadcast(to: site.operands[0].shape)]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let x = operands[0].reals
    let groups = (0..<outer).flatMap { o in (0..<inner).map { i in (o, i) } }
    return .real(
      groups.map { o, i in
        let column = (0..<n).map { x[(o * n + $0) * inner + i] }
        return inner == 1 ? ReferenceSum.contiguous(column) : ReferenceSum.strided(column)
      })
  }

  /// Whether a chain of elementwise operations can add it up while it runs: whole vectors, several
  /// chunks of rows to share, and rows that leave room in the cache.
  package var joinsChains: Bool {
    outer == 1 && inner % 16 == 0 && (16...1024).contains(inner) && n >= 4 * 512
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    program.append(
      STRATA_SUM, [site.result, site.operands[0]], sizes: [outer, n, inner])
  }
}

/// The two summation trees of `Documentation/Numerics.md`.
enum ReferenceSum {
  static func contiguous<S: Scalar>(_ values: [S]) -> S {
    total(values, chunk: 16384) { chunk in
      var lanes = [[S]](repeating: [S](repeating: 0, count: 16), count: 4)
      for (i, value) in chunk.enumerated() { lanes[i / 16 % 4][i % 16] += value }
      var sums = (0..<16).map { (lanes[0][$0] + lanes[1][$0]) + (lanes[2][$0] + lanes[3][$0]) }
      while sums.count > 1 {
        let half = sums.count / 2
        sums = (0..<half).map { sums[$0] + sums[$0 + half] }
      }
      return sums[0]
    }
  }

  static func strided<S: Scalar>(_ values: [S]) -> S {
    total(values, chunk: 512) { chunk in
      var accumulators = [S](repeating: 0, count: 4)
      for (r, value) in chunk.enumerated() { accumulators[r % 4] += value }
      return (accumulators[0] + accumulators[1]) + (accumulators[2] + accumulators[3])
    }
  }

  private static func total<S: Scalar>(
    _ values: [S], chunk size: Int, _ sum: (ArraySlice<S>) -> S
  ) -> S {
    var total = 0.0
    for start in stride(from: 0, to: values.count, by: size) {
      total += Double(sum(values[start..<min(start + size, values.count)]))
    }
    return S(total)
  }
}

extension Tensor {
  /// The sum over `axes` (negative counts from the end); all of them by default.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(axes, keepingDimensions) { x, view, shape in
      .apply(
        SumMiddle(outer: view.outer, n: view.n, inner: view.inner, resultShape: shape), [x])
    }
  }

  /// The sum divided by the number of elements.
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let total = sum(axes: axes, keepingDimensions: keepingDimensions)
    return total / Float(shape.count / Swift.max(total.shape.count, 1))
  }

  typealias MiddleView = (outer: Int, n: Int, inner: Int)

  /// Reduces groups of adjacent axes, the last group first.
  func reduced(
    _ axes: [Int]?, _ keepingDimensions: Bool, _ apply: (Tensor, MiddleView, Shape) -> Tensor
  ) -> Tensor {
    let all = Set((axes ?? Array(0..<rank)).map { $0 < 0 ? $0 + rank : $0 })
    guard all.allSatisfy({ (0..<rank).contains($0) }) else {
      let error = OperationError(
        operation: "reduction", reason: "axes of a tensor of rank \(rank)",
        found: "\(axes ?? [])")
      return failing(error)
    }
    guard !all.isEmpty else { return self }
    var result = self
    var upper = rank
    while let last = all.filter({ $0 < upper }).max() {
      var first = last
      while all.contains(first - 1) { first -= 1 }
      let sizes = result.shape.dimensions
      let view = (
        sizes[..<first].reduce(1, *), sizes[first...last].reduce(1, *),
        sizes[(last + 1)...].reduce(1, *)
      )
      let ones = [Int](repeating: 1, count: last - first + 1)
      result = apply(result, view, Shape(Array(sizes[..<first]) + ones + sizes[(last + 1)...]))
      upper = first
    }
    guard !keepingDimensions else { return result }
    return result.reshaped(
      Shape(shape.dimensions.indices.filter { !all.contains($0) }.map { shape[$0] }))
  }

  func failing(_ error: OperationError) -> Tensor {
    if case .symbolic(let graph, _) = value { graph.record(error) }
    return Tensor(type, .failed(error))
  }
}
