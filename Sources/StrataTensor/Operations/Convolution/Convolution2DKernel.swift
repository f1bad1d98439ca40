internal import CStrataKernels

/// The derivative of `Convolution2D` with respect to its kernel.
///
///     x [n, h, w, c]    dy [n, oh, ow, f]    dk [kh, kw, c/groups, f]
///
/// One chain over (image, row, column) of the output; taps that fall outside take part with zero.
package struct Convolution2DKernel: Operation {
  package var window: Window2D
  package var groups = 1
  package var name: String { "convolution2DKernel" }

  package init(window: Window2D, groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let (x, dy) = (operands[0].shape, operands[1].shape)
    guard operands.allSatisfy({ $0.element == .float32 }), x.rank == 4, dy.rank == 4,
      window.isValid, groups > 0, x[3] % groups == 0, dy[3] % groups == 0,
      dy == [x[0], window.rows.output, window.columns.output, dy[3]]
    else {
      throw fail(
        "float32 images [n, h, w, c] and [n, \(window.rows.output), \(window.columns.output), f]",
        operands)
    }
    return TensorType([window.rows.size, window.columns.size, x[3] / groups, dy[3]])
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (x, dy, upstream) = (site.operands[0], site.operands[1], site.upstream)
    let first = {
      Tensor.apply(
        Convolution2DInput(
          window: window, groups: groups, rows: x.shape[1], columns: x.shape[2]),
        [dy, upstream])
    }
    let second = { x.convolution2D(upstream, window: window, groups: groups) }
    return [site.isNeeded[0] ? first() : nil, site.isNeeded[1] ? second() : nil]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (x, dy) = (operands[0], operands[1])
    let (values, gradients) = (x.reals, dy.reals)
    let (inside, filters) = (type.shape[2], type.shape[3])
    let perGroup = max(filters / groups, 1)
    var result: [S] = []
    forEachOutput(type.shape) { i, j, c, filter in
      let channel = filter / perGroup * inside + c
      var sum: S = 0
      for pixel in 0..<(dy.shape[0] * dy.shape[1] * dy.shape[2]) {
        let (row, column) = (pixel / dy.shape[2] % dy.shape[1], pixel % dy.shape[2])
        let image = pixel / (dy.shape[1] * dy.shape[2])
        var value: S = 0
        if let y = window.rows.place(row, i, in: x.shape[1]),
          let z = window.columns.place(column, j, in: x.shape[2])
        {
          value = values[((image * x.shape[1] + y) * x.shape[2] + z) * x.shape[3] + channel]
        }
        sum = sum.addingProduct(value, gradients[pixel * filters + filter])
      }
      result.append(sum)
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    program.append(
      STRATA_CONV2D_KERNEL, [site.result] + site.operands,
      sizes: window.convolutionSizes(groups),
      dims: window.dims(
        image: site.operands[0].type.shape, channels: site.operands[1].type.shape[3]))
  }
}
