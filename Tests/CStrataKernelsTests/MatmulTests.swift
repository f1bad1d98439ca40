import CStrataKernels
import TestSupport
import Testing

extension KernelTests {
  @Suite struct Matmul {
    /// The definition: one chain of fused multiply-adds per element.
    static func reference(
      _ flags: Int, _ s: [Int], _ a: [Float], _ b: [Float], _ bias: [Float], _ out: [Float]
    ) -> [Float] {
      var result = out
      let (m, n, k) = (s[1], s[2], s[3])
      for batch in 0..<s[0] {
        for i in 0..<m {
          for j in 0..<n {
            let index = batch * s[6] + i * n + j
            var c: Float = 0
            if flags & STRATA_INIT_BIAS != 0 { c = bias[j] }
            if flags & STRATA_INIT_OUT != 0 { c = out[index] }
            for p in 0..<k {
              let x = a[batch * s[4] + (flags & STRATA_TRANSPOSE_A != 0 ? p * m + i : i * k + p)]
              let y = b[batch * s[5] + (flags & STRATA_TRANSPOSE_B != 0 ? j * k + p : p * n + j)]
              c = c.addingProduct(x, y)
            }
            result[index] = c
          }
        }
      }
      return result
    }

    func check(
      _ s: [Int], flags: Int, wild: Bool, threads: [Int] = [1, 3], _ random: inout Sequence64
    ) {
      func make(_ count: Int) -> [Float] {
        wild ? random.wildValues(count) : random.values(count)
      }
      let a = make(s[1] * s[3] + max(s[0] - 1, 0) * s[4])
      let b = make(s[3] * s[2] + max(s[0] - 1, 0) * s[5])
      let bias = make(s[2])
      let out = make(s[1] * s[2] + max(s[0] - 1, 0) * s[6])
      let expected = Self.reference(flags, s, a, b, bias, out)
      let call = KernelCall(opcode: STRATA_MATMUL, flags: flags, sizes: s)
      withEveryConfiguration(threads: threads) { label in
        let result = call([out, a, b, bias])[0]
        #expect(sameBits(result, expected), "\(s), flags \(flags), \(label)")
      }
    }

    @Test(arguments: [0, STRATA_TRANSPOSE_A, STRATA_TRANSPOSE_B, 3])
    func equalsTheChainForSmallShapes(_ transposes: Int) {
      var random = Sequence64(UInt64(transposes) + 1)
      let sizes = [1, 2, 3, 5, 7, 13, 16, 17, 31, 33]
      for round in 0..<40 {
        let m = sizes[Int.random(in: 0..<sizes.count, using: &random)]
        let n = sizes[Int.random(in: 0..<sizes.count, using: &random)]
        let k = sizes[Int.random(in: 0..<sizes.count, using: &random)]
        let start = [0, STRATA_INIT_BIAS, STRATA_INIT_OUT][round % 3]
        let flags = Int(transposes + start)
        check([1, m, n, k, 0, 0, 0], flags: flags, wild: round % 2 == 1, &random)
      }
    }

    @Test(arguments: [[45, 70, 130], [1, 300, 150], [130, 1, 90], [3, 40, 1100], [70, 37, 40]])
    func equalsTheChainForLargerShapes(_ mnk: [Int]) {
      var random = Sequence64(7)
      for flags in [0, STRATA_TRANSPOSE_A, STRATA_TRANSPOSE_B, 3 + STRATA_INIT_OUT] {
        check(
          [1] + mnk + [0, 0, 0], flags: Int(flags), wild: false, threads: [1, 2, 4], &random)
      }
    }

    @Test func batchesHaveTheirOwnStrides() {
      var random = Sequence64(3)
      check([5, 7, 9, 4, 28, 36, 63], flags: 0, wild: false, &random)
      check([5, 7, 9, 4, 30, 0, 70], flags: 2, wild: false, &random)
      check([3, 20, 20, 64, 1280, 1280, 400], flags: 2, wild: false, &random)
    }

    @Test func anEmptySumIsTheStart() {
      var random = Sequence64(4)
      check([1, 3, 5, 0, 0, 0, 0], flags: 0, wild: false, &random)
      check([1, 3, 5, 0, 0, 0, 0], flags: Int(STRATA_INIT_BIAS), wild: false, &random)
      check([1, 0, 5, 3, 0, 0, 0], flags: 0, wild: false, &random)
      check([0, 3, 5, 3, 0, 0, 0], flags: 0, wild: false, &random)
    }
  }
}
