internal import CStrataKernels

/// Which of several equal maxima of a window get its gradient.
public enum PoolingTies: String, Sendable, Hashable, Codable {
  /// The first in (row, column) order.
  case first
  /// Every one: Theano.
  case all
}

/// The largest value of each window, channel by channel; taps outside are skipped, a NaN wins.
///
///     x [n, h, w, c]    y [n, oh, ow, c]
package struct MaxPooling2D: Operation {
  package var window: Window2D
  package var ties: PoolingTies
  package var name: String { "maxPooling2D" }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    try pooledType(operands, window)
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    [
      .apply(
        MaxPooling2DGradient(window: window, ties: ties),
        [site.operands[0], site.result, site.upstream])
    ]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (x, image) = (operands[0].reals, operands[0].shape)
    var result: [S] = []
    forEachOutput(type.shape) { n, row, column, channel in
      let start = n * image[1] * image[2] * image[3] + channel
      let values = window.taps(row, column, of: image).map { x[start + $0] }
      result.append(values.reduce(-S.infinity, BinaryFunction.maximum.apply))
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let image = site.operands[0].type.shape
    program.append(
      STRATA_MAXPOOL2D, [site.result, site.operands[0]], sizes: window.poolingSizes,
      dims: window.dims(image: image, channels: image[3]))
  }
}

/// The derivative of `MaxPooling2D`: each `dy`, in order, added to the taps equal to the maximum.
///
///     x [n, h, w, c]    y, dy [n, oh, ow, c]    dx [n, h, w, c]
package struct MaxPooling2DGradient: Operation {
  package var window: Window2D
  package var ties: PoolingTies
  /// Whether the result is 0 where x is not positive; in plans only.
  var isMasked = false
  package var name: String { isMasked ? "maxPooling2DGradient+mask" : "maxPooling2DGradient" }

  package init(window: Window2D, ties: PoolingTies) {
    self.window = window
    self.ties = ties
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let pooled = try pooledType(operands, window)
    guard operands[1] == pooled, operands[2] == pooled else {
      throw fail("images and two tensors \(pooled)", operands)
    }
    return operands[0]
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let error = OperationError(
      operation: name, reason: "a first derivative only (there is no second of max pooling)",
      found: "a derivative of a derivative")
    return site.isNeeded.map { $0 ? .failed(error) : nil }
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (x, y, dy) = (operands[0].reals, operands[1].reals, operands[2].reals)
    let image = type.shape
    var result = [S](repeating: 0, count: image.count)
    var index = 0
    forEachOutput(operands[1].shape) { n, row, column, channel in
      let start = n * image[1] * image[2] * image[3] + channel
      let equal = window.taps(row, column, of: image).map { start + $0 }.filter {
        x[$0] == y[index]
      }
      for tap in ties == .all ? equal[...] : equal.prefix(1) { result[tap] += dy[index] }
      index += 1
    }
    for i in result.indices where isMasked && !(x[i] > 0) { result[i] = 0 }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    let image = site.result.type.shape
    program.append(
      STRATA_MAXPOOL2D_GRAD, [site.result] + site.operands, sizes: window.poolingSizes,
      dims: window.dims(image: image, channels: image[3]),
      flags: Int32((ties == .all ? STRATA_POOL_ALL_TIES : 0) | (isMasked ? STRATA_MASK : 0)))
  }
}

extension Operation {
  /// The type of pooled images.
  ///
  /// - Throws: `OperationError` if the first operand is no batch of images.
  func pooledType(
    _ operands: [TensorType], _ window: Window2D
  ) throws(OperationError) -> TensorType {
    let shape = operands[0].shape
    guard operands[0].element == .float32, shape.rank == 4, window.isValid,
      window.rows.dilation == 1, window.columns.dilation == 1
    else { throw fail("float32 images [n, h, w, c] and a window without gaps", operands) }
    return TensorType([shape[0], window.rows.output, window.columns.output, shape[3]])
  }
}

extension Tensor {
  /// The largest value of each window, channel by channel.
  ///
  ///     self [n, h, w, c]    result [n, oh, ow, c]
  public func maxPooling2D(_ window: Window2D, ties: PoolingTies = .first) -> Tensor {
    .apply(MaxPooling2D(window: window, ties: ties), [self])
  }
}
