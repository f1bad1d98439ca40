import CStrataKernels
import TestSupport
import Testing

let poolingShapes: [ConvolutionShape] = [
  ConvolutionShape(h: 4, w: 4, c: 1, f: 1, kh: 2, kw: 2, stride: (2, 2)),
  ConvolutionShape(n: 2, h: 7, w: 9, c: 3, f: 3, kh: 2, kw: 3, stride: (2, 2)),
  ConvolutionShape(
    n: 2, h: 7, w: 6, c: 19, f: 19, kh: 3, kw: 3, stride: (2, 1), pad: (1, 1), padAfter: (1, 1)),
  ConvolutionShape(n: 3, h: 5, w: 5, c: 32, f: 32, kh: 5, kw: 5),
  ConvolutionShape(n: 3, h: 32, w: 32, c: 40, f: 40, kh: 2, kw: 2, stride: (2, 2)),
  ConvolutionShape(h: 5, w: 8, c: 2, f: 2, kh: 3, kw: 3, stride: (1, 1), padAfter: (2, 2)),
]

extension KernelTests {
  @Suite struct Pooling {
    /// The indices of the taps inside, in (row, column) order, for an output element.
    static func taps(_ s: ConvolutionShape, _ index: Int) -> [Int] {
      let (pixel, c) = (index / s.c, index % s.c)
      let (image, oy, ox) = (pixel / (s.oh * s.ow), pixel / s.ow % s.oh, pixel % s.ow)
      return (0..<s.kh).flatMap { ky in
        (0..<s.kw).compactMap { kx in s.tap(image, oy, ox, ky, kx).map { $0 + c } }
      }
    }

    static func divisor(_ s: ConvolutionShape, _ taps: [Int], _ flags: Int) -> Float {
      Float(flags & STRATA_POOL_COUNT_PADDING != 0 ? s.kh * s.kw : taps.count)
    }

    func check(
      _ opcode: strata_opcode, _ s: ConvolutionShape, flags: Int = 0, _ buffers: [[Float]],
      _ expected: [Float]
    ) {
      let call = KernelCall(
        opcode: opcode, flags: flags, dims: s.dims, sizes: Array(s.sizes.prefix(6)),
        operands: buffers.indices.map { ($0, 0, []) })
      withEveryConfiguration(threads: [1, 3]) { label in
        #expect(sameBits(call(buffers)[0], expected), "\(s.testDescription) \(label)")
      }
    }

    @Test(arguments: poolingShapes)
    func maximumAndItsDerivative(_ s: ConvolutionShape) {
      var random = Sequence64(51)
      let ties = (0..<s.inputCount).map { _ in Float(random.next() % 3) }
      for x in [ties, random.wildValues(s.inputCount)] {
        let dy = random.values(s.outputCount)
        let y = (0..<s.outputCount).map { index in
          Self.taps(s, index).reduce(-Float.infinity) { $0 > x[$1] || $0.isNaN ? $0 : x[$1] }
        }
        check(STRATA_MAXPOOL2D, s, [dy, x], y)
        for flags in [0, Int(STRATA_POOL_ALL_TIES)] {
          var dx = [Float](repeating: 0, count: s.inputCount)
          for index in 0..<s.outputCount {
            let equal = Self.taps(s, index).filter { x[$0] == y[index] }
            for tap in flags == 0 ? Array(equal.prefix(1)) : equal { dx[tap] += dy[index] }
          }
          check(STRATA_MAXPOOL2D_GRAD, s, flags: flags, [x, x, y, dy], dx)
        }
      }
    }

    @Test(arguments: poolingShapes)
    func averageAndItsDerivative(_ s: ConvolutionShape) {
      var random = Sequence64(52)
      for flags in [0, Int(STRATA_POOL_COUNT_PADDING)] {
        let (x, dy) = (random.wildValues(s.inputCount), random.values(s.outputCount))
        let y = (0..<s.outputCount).map { index -> Float in
          let taps = Self.taps(s, index)
          return taps.reduce(Float(0)) { $0 + x[$1] } / Self.divisor(s, taps, flags)
        }
        check(STRATA_AVGPOOL2D, s, flags: flags, [dy, x], y)
        var dx = [Float](repeating: 0, count: s.inputCount)
        for index in 0..<s.outputCount {
          let taps = Self.taps(s, index)
          for tap in taps { dx[tap] += dy[index] / Self.divisor(s, taps, flags) }
        }
        check(STRATA_AVGPOOL2D_GRAD, s, flags: flags, [x, dy], dx)
      }
    }
  }
}
