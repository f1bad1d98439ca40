import CStrataKernels

/// A kernel on one shape, and the work it has to do.
struct Kernel {
  enum Work {
    /// Floating point operations, two for each multiply-add.
    case operations(Double)
    /// Bytes that must be read and written.
    case bytes(Double)
  }
  var family: String
  var shape: String
  var work: Work
  var build: (Program) -> Void

  static var all: [Kernel] {
    products + convolutions + pooling + recurrent + chains + reductions + rows
  }

  // MARK: Products

  private static var products: [Kernel] {
    let sizes = [
      (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048), (32, 2048, 2048),
      (64, 2048, 2048), (128, 2048, 2048), (1, 2048, 2048), (32, 64, 32), (128, 784, 512),
      (2048, 256, 1024),
    ]
    let forms = [("", 0), (" aT", STRATA_TRANSPOSE_A), (" bT", STRATA_TRANSPOSE_B)]
    return sizes.flatMap { m, k, n in
      forms.filter { m < 2048 || k < 2048 || $0.1 == 0 }.map { name, flag in
        Kernel(
          family: "gemm\(name)", shape: "\(m)x\(k)x\(n)",
          work: .operations(2 * Double(m) * Double(k) * Double(n))
        ) { program in
          let buffers = [m * n, m * k, k * n].map(program.buffer)
          program.append(
            STRATA_MATMUL, buffers, sizes: [1, m, n, k, m * k, k * n, m * n], flags: Int(flag))
        }
      }
    }
  }

  // MARK: Convolutions

  private struct Image {
    var n: Int, size: Int, channels: Int, filters: Int
    var padding = 1
    var stride = 1
    var kernel = 3
    var output: Int { stride == 1 ? size + 2 * padding - kernel + 1 : size / stride }
    var dims: [Int] { [n, size, size, channels, output, output, filters] }
    /// Even sizes with a stride of 2 are padded at the end only.
    var before: Int { stride == 1 ? padding : 0 }
    var sizes: [Int] { [kernel, kernel, stride, stride, before, before, 1 | 1 << 32, 1] }
    var x: Int { n * size * size * channels }
    var y: Int { n * output * output * filters }
    var w: Int { kernel * kernel * channels * filters }
    var name: String {
      let step = stride > 1 ? " \(kernel)x\(kernel) stride \(stride)" : ""
      return "n\(n) \(size)x\(size) \(channels)->\(filters)" + step
    }
  }

  private static var convolutions: [Kernel] {
    let images = [
      Image(n: 128, size: 28, channels: 1, filters: 32, padding: 0),
      Image(n: 128, size: 26, channels: 32, filters: 64, padding: 0),
      Image(n: 64, size: 32, channels: 3, filters: 64),
      Image(n: 64, size: 32, channels: 64, filters: 64),
      Image(n: 64, size: 16, channels: 128, filters: 128),
      Image(n: 64, size: 8, channels: 256, filters: 256),
      Image(n: 64, size: 32, channels: 16, filters: 16),
      Image(n: 64, size: 16, channels: 32, filters: 32),
      Image(n: 64, size: 8, channels: 64, filters: 64),
      Image(n: 64, size: 32, channels: 16, filters: 32, stride: 2),
      Image(n: 64, size: 32, channels: 16, filters: 32, padding: 0, stride: 2, kernel: 1),
    ]
    let passes = [
      ("conv forward", STRATA_CONV2D), ("conv input", STRATA_CONV2D_INPUT),
      ("conv kernel", STRATA_CONV2D_KERNEL),
    ]
    return images.flatMap { image in
      passes.map { name, opcode in
        let operations = 2 * Double(image.y) * Double(image.w / image.filters)
        return Kernel(family: name, shape: image.name, work: .operations(operations)) { program in
          let (x, y, w) = (image.x, image.y, image.w)
          let counts =
            switch opcode {
            case STRATA_CONV2D: [y, x, w]
            case STRATA_CONV2D_INPUT: [x, y, w]
            default: [w, x, y]
            }
          program.append(
            opcode, counts.map(program.buffer), dims: image.dims, sizes: image.sizes)
        }
      }
    }
  }

  private static var pooling: [Kernel] {
    let (n, size, c) = (128, 24, 64)
    let dims = [n, size, size, c, size / 2, size / 2, c]
    let sizes = [2, 2, 2, 2, 0, 0]
    let (x, y) = (n * size * size * c, n * size * size * c / 4)
    let shape = "n\(n) \(size)x\(size)x\(c) 2x2"
    func kernel(_ name: String, _ opcode: strata_opcode, _ counts: [Int]) -> Kernel {
      Kernel(family: name, shape: shape, work: .bytes(Double(4 * counts.reduce(0, +)))) {
        $0.append(opcode, counts.map($0.buffer), dims: dims, sizes: sizes)
      }
    }
    return [
      kernel("max pooling", STRATA_MAXPOOL2D, [y, x]),
      kernel("max pooling derivative", STRATA_MAXPOOL2D_GRAD, [x, x, y, y]),
      kernel("average pooling", STRATA_AVGPOOL2D, [y, x]),
      kernel("average pooling derivative", STRATA_AVGPOOL2D_GRAD, [x, y]),
    ]
  }
}
