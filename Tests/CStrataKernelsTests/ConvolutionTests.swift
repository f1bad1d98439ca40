import CStrataKernels
import TestSupport
import Testing

/// A convolution's sizes, named.
struct ConvolutionShape: CustomTestStringConvertible, Sendable {
  var n = 1
  var h, w, c, f, kh, kw: Int
  var stride = (1, 1)
  var pad = (0, 0)
  var padAfter = (0, 0)
  var dilation = (1, 1)
  var groups = 1

  var oh: Int { (h + pad.0 + padAfter.0 - dilation.0 * (kh - 1) - 1) / stride.0 + 1 }
  var ow: Int { (w + pad.1 + padAfter.1 - dilation.1 * (kw - 1) - 1) / stride.1 + 1 }
  var dims: [Int] { [n, h, w, c, oh, ow, f] }
  var sizes: [Int] {
    [kh, kw, stride.0, stride.1, pad.0, pad.1, dilation.0 | dilation.1 << 32, groups]
  }
  var testDescription: String { "\(dims) \(sizes)" }

  var inputCount: Int { n * h * w * c }
  var outputCount: Int { n * oh * ow * f }
  var kernelCount: Int { kh * kw * c / groups * f }

  /// The index of a tap's first channel, or nil outside the image.
  func tap(_ image: Int, _ oy: Int, _ ox: Int, _ ky: Int, _ kx: Int) -> Int? {
    let y = oy * stride.0 - pad.0 + ky * dilation.0
    let x = ox * stride.1 - pad.1 + kx * dilation.1
    guard (0..<h).contains(y), (0..<w).contains(x) else { return nil }
    return ((image * h + y) * w + x) * c
  }
}

let convolutionShapes: [ConvolutionShape] = [
  ConvolutionShape(h: 1, w: 1, c: 1, f: 1, kh: 1, kw: 1),
  ConvolutionShape(n: 2, h: 5, w: 6, c: 3, f: 4, kh: 3, kw: 3),
  ConvolutionShape(n: 2, h: 7, w: 5, c: 2, f: 33, kh: 3, kw: 3, pad: (1, 1), padAfter: (1, 1)),
  ConvolutionShape(n: 2, h: 9, w: 17, c: 17, f: 16, kh: 3, kw: 3, pad: (1, 1), padAfter: (1, 1)),
  ConvolutionShape(n: 3, h: 8, w: 8, c: 4, f: 20, kh: 3, kw: 3, stride: (2, 2), padAfter: (1, 1)),
  ConvolutionShape(
    h: 10, w: 9, c: 3, f: 5, kh: 3, kw: 2, stride: (2, 3), pad: (2, 1), padAfter: (1, 1)),
  ConvolutionShape(
    n: 2, h: 9, w: 8, c: 4, f: 6, kh: 2, kw: 3, pad: (1, 2), padAfter: (1, 2), dilation: (3, 2)),
  ConvolutionShape(
    n: 2, h: 7, w: 7, c: 6, f: 9, kh: 3, kw: 3, pad: (1, 1), padAfter: (1, 1), groups: 3),
  ConvolutionShape(
    h: 6, w: 6, c: 8, f: 8, kh: 3, kw: 3, stride: (2, 1), pad: (1, 1), padAfter: (1, 1), groups: 8),
  ConvolutionShape(
    n: 2, h: 7, w: 6, c: 83, f: 83, kh: 3, kw: 3, stride: (1, 2), pad: (1, 1), padAfter: (1, 1),
    groups: 83),
  ConvolutionShape(
    n: 3, h: 9, w: 8, c: 19, f: 19, kh: 2, kw: 3, pad: (1, 2), padAfter: (1, 2), dilation: (2, 2),
    groups: 19),
  ConvolutionShape(n: 2, h: 8, w: 8, c: 16, f: 32, kh: 1, kw: 1, stride: (2, 2)),
  ConvolutionShape(n: 2, h: 8, w: 5, c: 16, f: 24, kh: 1, kw: 1),
  ConvolutionShape(n: 2, h: 8, w: 5, c: 3, f: 4, kh: 1, kw: 1, pad: (1, 2), padAfter: (2, 1)),
  ConvolutionShape(n: 2, h: 6, w: 40, c: 5, f: 40, kh: 1, kw: 5, pad: (0, 2), padAfter: (0, 2)),
  ConvolutionShape(n: 4, h: 12, w: 12, c: 1, f: 32, kh: 5, kw: 5),
  ConvolutionShape(h: 3, w: 3, c: 2, f: 3, kh: 5, kw: 5, pad: (2, 2), padAfter: (2, 2)),
]

enum ConvolutionValues: CaseIterable, Sendable {
  case usual, wild
  /// Products that vanish: zeros of both signs, where leaving out a tap can show.
  case tiny

  func make(_ count: Int, _ random: inout Sequence64) -> [Float] {
    switch self {
    case .usual: random.values(count)
    case .wild: random.wildValues(count)
    case .tiny:
      (0..<count).map { _ in
        [1e-30, -1e-30, 0, -0.0, 3e-23, -2e-23].randomElement(using: &random) ?? 0
      }
    }
  }
}

extension KernelTests {
  @Suite struct Convolution {
    static func forward(
      _ s: ConvolutionShape, _ x: [Float], _ w: [Float], _ bias: [Float]?
    ) -> [Float] {
      let (cg, fg) = (s.c / s.groups, s.f / s.groups)
      return (0..<s.outputCount).map { index in
        let (pixel, f) = (index / s.f, index % s.f)
        let (image, oy, ox) = (pixel / (s.oh * s.ow), pixel / s.ow % s.oh, pixel % s.ow)
        var acc = bias?[f] ?? 0
        for ky in 0..<s.kh {
          for kx in 0..<s.kw {
            let tap = s.tap(image, oy, ox, ky, kx)
            for c in 0..<cg {
              let value = tap.map { x[$0 + f / fg * cg + c] } ?? 0
              acc = acc.addingProduct(value, w[((ky * s.kw + kx) * cg + c) * s.f + f])
            }
          }
        }
        return acc
      }
    }

    /// Over the flipped kernel; a tap outside takes part with zero, one between strides not at all.
    static func inputDerivative(_ s: ConvolutionShape, _ dy: [Float], _ w: [Float]) -> [Float] {
      let (cg, fg) = (s.c / s.groups, s.f / s.groups)
      func source(_ at: Int, _ k: Int, _ dilation: Int, _ stride: Int, _ size: Int) -> Int? {
        let t = at - k * dilation
        return t >= 0 && t / stride < size ? t / stride : nil
      }
      func meets(_ at: Int, _ k: Int, _ dilation: Int, _ stride: Int) -> Bool {
        (at - k * dilation) % stride == 0
      }
      return (0..<s.inputCount).map { index in
        let (pixel, c) = (index / s.c, index % s.c)
        let (image, y, x) = (pixel / (s.h * s.w), pixel / s.w % s.h, pixel % s.w)
        var acc: Float = 0
        for ky in (0..<s.kh).reversed() where meets(y + s.pad.0, ky, s.dilation.0, s.stride.0) {
          for kx in (0..<s.kw).reversed() where meets(x + s.pad.1, kx, s.dilation.1, s.stride.1) {
            let oy = source(y + s.pad.0, ky, s.dilation.0, s.stride.0, s.oh)
            let ox = source(x + s.pad.1, kx, s.dilation.1, s.stride.1, s.ow)
            for f in c / cg * fg..<(c / cg + 1) * fg {
              var value: Float = 0
              if let oy, let ox { value = dy[((image * s.oh + oy) * s.ow + ox) * s.f + f] }
              acc = acc.addingProduct(value, w[((ky * s.kw + kx) * cg + c % cg) * s.f + f])
            }
          }
        }
        return acc
      }
    }

    static func kernelDerivative(_ s: ConvolutionShape, _ x: [Float], _ dy: [Float]) -> [Float] {
      let (cg, fg) = (s.c / s.groups, s.f / s.groups)
      return (0..<s.kernelCount).map { index in
        let (row, f) = (index / s.f, index % s.f)
        let (ky, kx, c) = (row / (s.kw * cg), row / cg % s.kw, row % cg)
        var acc: Float = 0
        for pixel in 0..<s.n * s.oh * s.ow {
          let (image, oy, ox) = (pixel / (s.oh * s.ow), pixel / s.ow % s.oh, pixel % s.ow)
          let value = s.tap(image, oy, ox, ky, kx).map { x[$0 + f / fg * cg + c] } ?? 0
          acc = acc.addingProduct(value, dy[pixel * s.f + f])
        }
        return acc
      }
    }

    func check(
      _ opcode: strata_opcode, _ s: ConvolutionShape, flags: Int = 0, _ buffers: [[Float]],
      _ expected: [Float]
    ) {
      let call = KernelCall(
        opcode: opcode, flags: flags, dims: s.dims, sizes: s.sizes,
        operands: buffers.indices.map { ($0, 0, []) })
      withEveryConfiguration(threads: [1, 3]) { label in
        #expect(sameBits(call(buffers)[0], expected), "\(s.testDescription) \(label)")
      }
    }

    @Test(arguments: convolutionShapes, ConvolutionValues.allCases)
    func equalsTheChain(_ s: ConvolutionShape, _ values: ConvolutionValues) {
      var random = Sequence64(41)
      func make(_ count: Int) -> [Float] { values.make(count, &random) }
      let (x, w, dy, bias) = (
        make(s.inputCount), make(s.kernelCount), make(s.outputCount), make(s.f)
      )
      check(STRATA_CONV2D, s, [dy, x, w], Self.forward(s, x, w, nil))
      check(
        STRATA_CONV2D, s, flags: Int(STRATA_INIT_BIAS), [dy, x, w, bias],
        Self.forward(s, x, w, bias))
      check(STRATA_CONV2D_INPUT, s, [x, dy, w], Self.inputDerivative(s, dy, w))
      check(STRATA_CONV2D_KERNEL, s, [w, x, dy], Self.kernelDerivative(s, x, dy))
    }
  }
}
