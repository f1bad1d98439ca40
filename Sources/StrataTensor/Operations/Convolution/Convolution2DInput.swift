internal import CStrataKernels

/// The derivative of `Convolution2D` with respect to its images; alone, a transposed convolution.
///
///     dy [n, oh, ow, f]    kernel [kh, kw, c/groups, f]    dx [n, rows, columns, c]
///
/// One chain over (kernel row, kernel column, output channel) of the flipped kernel; taps that fall
/// outside take part with zero, taps that fall between strides take no part.
package struct Convolution2DInput: Operation {
  package var window: Window2D
  package var groups = 1
  package var rows: Int
  package var columns: Int
  /// Whether the result is 0 where a third operand is not positive; in plans only.
  var isMasked = false
  package var name: String { isMasked ? "convolution2DInput+mask" : "convolution2DInput" }

  package init(window: Window2D, groups: Int = 1, rows: Int, columns: Int) {
    self.window = window
    self.groups = groups
    self.rows = rows
    self.columns = columns
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let (dy, kernel) = (operands[0].shape, operands[1].shape)
    guard operands.allSatisfy({ $0.element == .float32 }), dy.rank == 4, window.isValid,
      kernel.rank == 4, kernel[0] == window.rows.size, kernel[1] == window.columns.size,
      groups > 0, kernel[3] % groups == 0,
      dy == [dy[0], window.rows.output, window.columns.output, kernel[3]]
    else {
      throw fail(
        "float32 images [n, \(window.rows.output), \(window.columns.output), f] and a kernel "
          + "[\(window.rows.size), \(window.columns.size), c, f]", operands)
    }
    return TensorType([dy[0], rows, columns, kernel[2] * groups])
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (dy, kernel) = (site.operands[0], site.operands[1])
    let upstream =
      isMasked
      ? Tensor.select(site.operands[2].isGreater(than: 0), site.upstream, 0) : site.upstream
    let first = { upstream.convolution2D(kernel, window: window, groups: groups) }
    let second = {
      Tensor.apply(Convolution2DKernel(window: window, groups: groups), [upstream, dy])
    }
    return [site.isNeeded[0] ? first() : nil, site.isNeeded[1] ? second() : nil]
      + (isMasked ? [nil] : [])
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (gradients, weights) = (operands[0].reals, operands[1].reals)
    let mask = isMasked ? operands[2].reals : nil
    let (inside, filters) = (operands[1].shape[2], operands[1].shape[3])
    let perGroup = filters / groups
    var result: [S] = []
    forEachOutput(type.shape) { image, y, x, channel in
      let group = channel / inside
      var sum: S = 0
      for i in window.rows.taps(meeting: y) {
        for j in window.columns.taps(meeting: x) {
          let row = window.rows.window(at: y, i)
          let column = window.columns.window(at: x, j)
          for filter in (group * perGroup)..<((group + 1) * perGroup) {
            var value: S = 0
            if let row, let column {
              let pixel = (image * window.rows.output + row) * window.columns.output + column
              value = gradients[pixel * filters + filter]
            }
            let tap = (i * window.columns.size + j) * inside + channel % inside
            sum = sum.addingProduct(value, weights[tap * filters + filter])
          }
        }
      }
      let passes = mask.map { $0[result.count] > 0 } ?? true
      result.append(passes ? sum : 0)
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    program.append(
      STRATA_CONV2D_INPUT, [site.result] + site.operands,
      sizes: window.convolutionSizes(groups),
      dims: window.dims(
        image: site.result.type.shape, channels: site.operands[1].type.shape[3]),
      flags: isMasked ? Int32(STRATA_MASK) : 0)
  }
}
