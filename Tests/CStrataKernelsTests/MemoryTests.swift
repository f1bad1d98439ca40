import CStrataKernels
import TestSupport
import Testing

extension KernelTests {
  @Suite struct Memory {
    /// Element by element.
    static func copy(
      _ dims: [Int], to: (Int, [Int]), from: (Int, [Int]), _ out: [Float], _ x: [Float]
    ) -> [Float] {
      var out = out
      for linear in 0..<dims.reduce(1, *) {
        var (rest, target, source) = (linear, to.0, from.0)
        for i in dims.indices.reversed() {
          target += rest % dims[i] * to.1[i]
          source += rest % dims[i] * from.1[i]
          rest /= dims[i]
        }
        out[target] = x[source]
      }
      return out
    }

    func check(_ dims: [Int], to: (Int, [Int]), from: (Int, [Int]), _ capacity: Int) {
      var random = Sequence64(31)
      let (out, x) = (random.wildValues(capacity), random.wildValues(capacity))
      let expected = Self.copy(dims, to: to, from: from, out, x)
      let call = KernelCall(
        opcode: STRATA_COPY, dims: dims, operands: [(0, to.0, to.1), (1, from.0, from.1)])
      withEveryConfiguration(threads: [1, 4]) { label in
        #expect(sameBits(call([out, x])[0], expected), "\(dims) \(to) \(from) \(label)")
      }
    }

    @Test func copiesEveryKindOfView() {
      check([4, 5], to: (0, [5, 1]), from: (0, [5, 1]), 20)
      check([5, 4], to: (0, [4, 1]), from: (0, [1, 5]), 20)  // transpose
      check([70, 45], to: (0, [45, 1]), from: (0, [1, 70]), 3150)
      check([3, 20, 33], to: (0, [660, 33, 1]), from: (0, [660, 1, 20]), 1980)
      check([2, 3, 4, 5], to: (0, [60, 20, 5, 1]), from: (0, [60, 5, 15, 1]), 120)
      check([3, 4], to: (7, [10, 1]), from: (2, [6, 1]), 40)  // slice into a slice
      check([6, 7], to: (0, [7, 1]), from: (41, [-7, -1]), 42)  // flip
      check([6, 7], to: (0, [7, 1]), from: (0, [0, 1]), 42)  // broadcast
      check([6, 7], to: (0, [7, 1]), from: (3, [0, 0]), 42)
      check([5], to: (1, [3]), from: (0, [2]), 20)
      check([1, 1], to: (3, [1, 1]), from: (5, [1, 1]), 8)
      check([], to: (0, []), from: (1, []), 4)
      check([3, 0], to: (0, [1, 1]), from: (0, [1, 1]), 4)
      check([8, 50, 100], to: (0, [5000, 100, 1]), from: (0, [100, 800, 1]), 40000)
    }

    @Test func fills() {
      for count in [0, 1, 17, 1000] {
        let call = KernelCall(opcode: STRATA_FILL, sizes: [count], scalar: -2.5)
        let out = call([[Float](repeating: 1, count: count + 1)])[0]
        #expect(out == [Float](repeating: -2.5, count: count) + [1])
      }
    }

    static func bits(_ values: [Int32]) -> [Float] {
      values.map { Float(bitPattern: UInt32(bitPattern: $0)) }
    }

    @Test func gathersRowsAndMarksBadIndices() {
      let table = (0..<12).map { Float($0) }
      let indices: [Int32] = [3, 0, -1, 2, 4, 2]
      let call = KernelCall(opcode: STRATA_GATHER, sizes: [6, 3, 4])
      let out = call([[Float](repeating: 0, count: 18), table, Self.bits(indices)])[0]
      let expected = indices.flatMap { index -> [Float] in
        (0..<4).contains(index) ? (0..<3).map { table[Int(index) * 3 + $0] } : [.nan, .nan, .nan]
      }
      #expect(sameBits(out, expected))
    }

    @Test func scatterAddsInIndexOrder() {
      var random = Sequence64(33)
      let (rows, width, tableRows) = (300, 37, 5)
      let source = random.values(rows * width, in: -1e3...1e3)
      let indices = (0..<rows).map { _ in Int32(random.next() % 7) - 1 }
      var expected = [Float](repeating: 0, count: tableRows * width)
      for (i, index) in indices.enumerated() where index >= 0 && index < 5 {
        for j in 0..<width { expected[Int(index) * width + j] += source[i * width + j] }
      }
      let call = KernelCall(opcode: STRATA_SCATTER_ADD, sizes: [rows, width, tableRows])
      withEveryConfiguration(threads: [1, 3]) { label in
        let out = call([
          [Float](repeating: 3, count: tableRows * width), source, Self.bits(indices),
        ])[0]
        #expect(sameBits(out, expected), "\(label)")
      }
    }

    @Test func convertsBetweenIntegersAndFloats() {
      let integers: [Int32] = [0, 1, -1, 16_777_217, .max, .min, 123_456_789]
      let toFloat = KernelCall(opcode: STRATA_INT_TO_FLOAT, sizes: [integers.count])
      #expect(
        toFloat([[Float](repeating: 0, count: 7), Self.bits(integers)])[0]
          == integers.map { Float($0) })
      let floats: [Float] = [
        0, -0.0, 1.9, -1.9, 2_147_483_520, 2_147_483_648, -2_147_483_648, -2_147_483_904, .nan,
        .infinity, -.infinity, 1e-40,
      ]
      let expected: [Int32] = [0, 0, 1, -1, 2_147_483_520, 0, .min, 0, 0, 0, 0, 0]
      let toInt = KernelCall(opcode: STRATA_FLOAT_TO_INT, sizes: [floats.count])
      withEveryConfiguration(threads: [1]) { label in
        let out = toInt([[Float](repeating: 0, count: floats.count), floats])[0]
        #expect(out.map { Int32(bitPattern: $0.bitPattern) } == expected, "\(label)")
      }
    }
  }
}
