internal import CStrataKernels

/// A convolution of images, kernel not flipped (a correlation), for each of `groups` of channels.
///
///     x [n, h, w, c]    kernel [kh, kw, c/groups, f]    bias [f]    y [n, oh, ow, f]
///
/// One chain over (kernel row, kernel column, channel) from the bias or zero.
package struct Convolution2D: Operation {
  package var window: Window2D
  package var groups = 1
  /// Whether the result is `relu` of the chains; in plans only.
  var rectifies = false
  package var name: String { rectifies ? "convolution2D+relu" : "convolution2D" }

  package init(window: Window2D, groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let (x, kernel) = (operands[0].shape, operands[1].shape)
    guard operands.allSatisfy({ $0.element == .float32 }), x.rank == 4, window.isValid,
      kernel.rank == 4, kernel[0] == window.rows.size, kernel[1] == window.columns.size,
      groups > 0, kernel[2] * groups == x[3], kernel[3] % groups == 0,
      operands.count == 2 || operands[2].shape == [kernel[3]]
    else {
      throw fail(
        "float32 images [n, h, w, c] and a kernel [\(window.rows.size), \(window.columns.size), "
          + "c / \(groups), f]", operands)
    }
    return TensorType([x[0], window.rows.output, window.columns.output, kernel[3]])
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (x, kernel) = (site.operands[0], site.operands[1])
    let upstream =
      rectifies
      ? Tensor.select(site.result.isGreater(than: 0), site.upstream, 0) : site.upstream
    let dx = {
      Tensor.apply(
        Convolution2DInput(
          window: window, groups: groups, rows: x.shape[1], columns: x.shape[2]),
        [upstream, kernel])
    }
    let dk = {
      Tensor.apply(Convolution2DKernel(window: window, groups: groups), [x, upstream])
    }
    let gradients = [site.isNeeded[0] ? dx() : nil, site.isNeeded[1] ? dk() : nil]
    guard site.operands.count == 3 else { return gradients }
    return gradients + [site.isNeeded[2] ? upstream.sum(axes: [0, 1, 2]) : nil]
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let (x, kernel) = (operands[0], operands[1])
    let (values, weights) = (x.reals, kernel.reals)
    let bias = operands.count == 3 ? operands[2].reals : nil
    let (inside, filters) = (kernel.shape[2], kernel.shape[3])
    let perGroup = max(filters / groups, 1)
    var result: [S] = []
    forEachOutput(type.shape) { image, row, column, filter in
      var sum = bias?[filter] ?? 0
      for i in 0..<window.rows.size {
        for j in 0..<window.columns.size {
          let y = window.rows.place(row, i, in: x.shape[1])
          let z = window.columns.place(column, j, in: x.shape[2])
          for c in 0..<inside {
            var value: S = 0
            if let y, let z {
              let pixel = (image * x.shape[1] + y) * x.shape[2] + z
              value = values[pixel * x.shape[3] + filter / perGroup * inside + c]
            }
            let weight = weights[((i * window.columns.size + j) * inside + c) * filters + filter]
            sum = sum.addingProduct(value, weight)
          }
        }
      }
      result.append(rectifies ? UnaryFunction.relu.apply(sum) : sum)
    }
    return .real(result)
  }

  package func lower(_ site: LoweringSite, into program: inout ProgramBuilder) {
    program.append(
      STRATA_CONV2D, [site.result] + site.operands,
      sizes: window.convolutionSizes(groups),
      dims: window.dims(
        image: site.operands[0].type.shape, channels: site.operands[1].type.shape[3]),
      flags: Int32(
        (site.operands.count == 3 ? STRATA_INIT_BIAS : 0) | (rectifies ? STRATA_RELU : 0)))
  }
}

/// All indices of a shape of four axes, in row-major order.
func forEachOutput(_ shape: Shape, _ body: (Int, Int, Int, Int) -> Void) {
  for a in 0..<shape[0] {
    for b in 0..<shape[1] {
      for c in 0..<shape[2] {
        for d in 0..<shape[3] { body(a, b, c, d) }
      }
    }
  }
}

extension Window2D {
  /// The sizes that the kernels of convolutions take.
  func convolutionSizes(_ groups: Int) -> [Int] {
    poolingSizes + [rows.dilation | columns.dilation << 32, groups]
  }
}

extension Tensor {
  /// The convolution of images with a kernel that is not flipped, plus a bias.
  ///
  ///     self [n, h, w, c]    kernel [kh, kw, c/groups, f]    bias [f]    result [n, oh, ow, f]
  public func convolution2D(
    _ kernel: Tensor, bias: Tensor? = nil, window: Window2D, groups: Int = 1
  ) -> Tensor {
    .apply(
      Convolution2D(window: window, groups: groups), [self, kernel] + (bias.map { [$0] } ?? []))
  }

  /// The transpose of a convolution of images of `rows` by `columns`: from its output back to them.
  ///
  ///     self [n, oh, ow, f]    kernel [kh, kw, c/groups, f]    result [n, rows, columns, c]
  public func transposedConvolution2D(
    _ kernel: Tensor, window: Window2D, groups: Int = 1, rows: Int, columns: Int
  ) -> Tensor {
    .apply(
      Convolution2DInput(window: window, groups: groups, rows: rows, columns: columns),
      [self, kernel])
  }
}
