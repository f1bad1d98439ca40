import CStrataKernels
import TestSupport
import Testing

extension KernelTests {
  @Suite struct Reductions {
    /// The sum rule of the numbers contract, written plainly.
    static func sum(_ values: [Float], contiguous: Bool) -> Float {
      let (chunk, lanes) = contiguous ? (16384, 16) : (512, 1)
      var total = 0.0
      for first in stride(from: 0, to: values.count, by: chunk) {
        var accumulators = [[Float]](
          repeating: [Float](repeating: 0, count: lanes), count: 4)
        for i in first..<min(first + chunk, values.count) {
          let position = i - first
          accumulators[position / lanes % 4][position % lanes] += values[i]
        }
        var s = (0..<lanes).map {
          (accumulators[0][$0] + accumulators[1][$0]) + (accumulators[2][$0] + accumulators[3][$0])
        }
        while s.count > 1 { s = (0..<s.count / 2).map { s[$0] + s[$0 + s.count / 2] } }
        total += Double(s[0])
      }
      return Float(total)
    }

    static func maximum(_ values: [Float]) -> Float {
      values.dropFirst().reduce(values[0]) { $0 > $1 || $0.isNaN ? $0 : $1 }
    }

    static func columns(
      _ sizes: [Int], _ x: [Float], _ body: ([Float]) -> Float
    ) -> [Float] {
      (0..<sizes[0] * sizes[2]).map { index in
        let (o, j) = (index / sizes[2], index % sizes[2])
        return body((0..<sizes[1]).map { x[(o * sizes[1] + $0) * sizes[2] + j] })
      }
    }

    @Test(arguments: [
      [1, 1, 1], [3, 17, 1], [5, 64, 1], [2, 100, 1], [1, 16384, 1], [2, 16385, 1], [1, 50000, 1],
      [70, 33, 1], [1, 1, 7], [2, 5, 3], [1, 512, 16], [1, 1500, 19], [3, 513, 40], [1, 7, 2100],
      [2, 0, 1], [2, 0, 5], [0, 4, 4], [9, 3, 1], [9, 4, 1], [40, 10, 1],
      [1, 300_000, 1], [30, 4000, 1], [3, 700, 100], [2, 1100, 3], [1, 65, 45],
    ])
    func sumsByTheContract(_ sizes: [Int]) {
      var random = Sequence64(21)
      for wild in [false, true] {
        let count = sizes.reduce(1, *)
        let x = wild ? random.wildValues(count) : random.values(count)
        let expected = Self.columns(sizes, x) { Self.sum($0, contiguous: sizes[2] == 1) }
        let call = KernelCall(opcode: STRATA_SUM, sizes: sizes)
        withEveryConfiguration { label in
          let out = call([[Float](repeating: 5, count: sizes[0] * sizes[2]), x])[0]
          #expect(sameBits(out, expected), "\(sizes) \(label)")
        }
      }
    }

    @Test(arguments: [
      [1, 1, 1], [3, 17, 1], [5, 64, 1], [2, 100, 1], [40, 1000, 1], [2, 5, 3], [1, 500, 19],
      [3, 33, 40], [200, 1000, 1],
    ])
    func maximumFoldsInIndexOrder(_ sizes: [Int]) {
      var random = Sequence64(22)
      let count = sizes.reduce(1, *)
      let zeros = (0..<count).map { _ -> Float in random.next() % 2 == 0 ? 0 : -0.0 }
      for x in [random.wildValues(count), random.values(count), zeros] {
        let expected = Self.columns(sizes, x, Self.maximum)
        let call = KernelCall(opcode: STRATA_MAX, sizes: sizes)
        withEveryConfiguration(threads: [1, 3]) { label in
          let out = call([[Float](repeating: 5, count: sizes[0] * sizes[2]), x])[0]
          #expect(sameBits(out, expected), "\(sizes) \(label)")
        }
      }
    }

    @Test(arguments: [[1, 1], [4, 10], [7, 33], [3, 1000], [120, 1000]])
    func argMaxIsTheFirstOfTheLargest(_ sizes: [Int]) {
      var random = Sequence64(23)
      let count = sizes[0] * sizes[1]
      let ties = (0..<count).map { _ in Float(random.next() % 3) }
      for x in [random.wildValues(count), random.values(count), ties] {
        let expected = (0..<sizes[0]).map { row -> Float in
          let values = Array(x[row * sizes[1]..<(row + 1) * sizes[1]])
          if let nan = values.firstIndex(where: \.isNaN) { return Float(nan) }
          let largest = Self.maximum(values)
          return Float(values.firstIndex(of: largest) ?? -1)
        }
        let call = KernelCall(opcode: STRATA_ARGMAX, sizes: sizes)
        withEveryConfiguration(threads: [1, 2]) { label in
          let out = call([[Float](repeating: 5, count: sizes[0]), x])[0]
          #expect(out == expected, "\(sizes) \(label)")
        }
      }
    }
  }
}
