internal import CStrataKernels

/// The mean of each window, channel by channel.
///
///     x [n, h, w, c]    y [n, oh, ow, c]
///
/// The sum of the taps inside, from zero in (row, column) order, divided by their number (or by the
/// window's size).
package struct AveragePooling2D: Operation {
  package var window: Window2D
  /// Whether taps outside count in the divisor.
  package var countsPadding: Bool
  package var name: String { "averagePooling2D" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    try pooledType(operands, window)
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let image = site.operands[0].shape
    return [
      .apply(
        AveragePooling2DGradient(
          window: window, countsPadding: countsPadding, rows: image[1], columns: image[2]),
        [site.upstream])
    ]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (x, image) = (operands[0].reals, operands[0].shape)
    var result: [S] = []
    forEachOutput(type.shape) { n, row, column, channel in
      let start = n * image[1] * image[2] * image[3] + channel
      let taps = window.taps(row, column, of: image)
      let sum = taps.reduce(S(0)) { $0 + x[start + $1] }
      result.append(sum / window.divisor(taps.count, countsPadding))
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let image = site.operands[0].type.shape
    program.append(
      STRATA_AVGPOOL2D, [site.result, site.operands[0]], sizes: window.poolingSizes,
      dims: window.dims(image: image, channels: image[3]),
      flags: countsPadding ? Int32(STRATA_POOL_COUNT_PADDING) : 0)
  }
}

/// The derivative of `AveragePooling2D`: each `dy / divisor`, in order, added to its taps.
///
///     dy [n, oh, ow, c]    dx [n, rows, columns, c]
package struct AveragePooling2DGradient: Operation {
  package var window: Window2D
  package var countsPadding: Bool
  package var rows: Int
  package var columns: Int
  package var name: String { "averagePooling2DGradient" }

  package init(window: Window2D, countsPadding: Bool, rows: Int, columns: Int) {
    self.window = window
    self.countsPadding = countsPadding
    self.rows = rows
    self.columns = columns
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let shape = operands[0].shape
    guard operands[0].element == .float32, shape.rank == 4, window.isValid,
      shape[1] == window.rows.output, shape[2] == window.columns.output
    else { throw fail("float32 images of the output's size", operands) }
    return TensorType([shape[0], rows, columns, shape[3]])
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [.apply(AveragePooling2D(window: window, countsPadding: countsPadding), [site.upstream])]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (dy, image) = (operands[0].reals, type.shape)
    var result = [S](repeating: 0, count: image.count)
    var index = 0
    forEachOutput(operands[0].shape) { n, row, column, channel in
      let start = n * image[1] * image[2] * image[3] + channel
      let taps = window.taps(row, column, of: image)
      let share = dy[index] / window.divisor(taps.count, countsPadding)
      for tap in taps { result[start + tap] += share }
      index += 1
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let image = site.result.type.shape
    program.append(
      STRATA_AVGPOOL2D_GRAD, [site.result, site.operands[0]], sizes: window.poolingSizes,
      dims: window.dims(image: image, channels: image[3]),
      flags: countsPadding ? Int32(STRATA_POOL_COUNT_PADDING) : 0)
  }
}

extension Window2D {
  /// What a sum over a window is divided by: 1 if no tap is inside.
  fileprivate func divisor<S: Scalar>(_ inside: Int, _ countsPadding: Bool) -> S {
    S(countsPadding ? rows.size * columns.size : max(inside, 1))
  }
}

extension Tensor {
  /// The mean of each window, channel by channel.
  ///
  ///     self [n, h, w, c]    result [n, oh, ow, c]
  public func averagePooling2D(_ window: Window2D, countsPadding: Bool = false) -> Tensor {
    .apply(AveragePooling2D(window: window, countsPadding: countsPadding), [self])
  }
}
