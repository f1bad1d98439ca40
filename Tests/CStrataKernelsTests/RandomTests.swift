import CStrataKernels
import StrataTensor
import TestSupport
import Testing

extension KernelTests {
  @Suite struct Random {
    /// The Swift generator is the definition; a position near 2³² carries into the second word.
    @Test(arguments: [0, 7, 0xffff_fff9 as UInt64])
    func fillsEqualTheGenerator(position: UInt64) {
      for count in [0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 200] {
        let start = Philox(seed: 3, name: "mask", position: position)
        var (a, b) = (start, start)
        let uniform = a.uniform(count: count)
        let mask = b.bernoulli(probability: 0.3, count: count)
        withEveryConfiguration(threads: [1]) { label in
          var (c, d) = (start, start)
          #expect(filled(count) { c.fillUniform($0) } == uniform, "\(count), \(label)")
          #expect(
            filled(count) { d.fillBernoulli(probability: 0.3, $0) } == mask, "\(count), \(label)")
          #expect(c == a && d == b)
        }
      }
    }

    /// The values after them stay as they were.
    private func filled(
      _ count: Int, _ body: (UnsafeMutableBufferPointer<Float>) -> Void
    ) -> [Float] {
      var values = [Float](repeating: -1, count: count + 20)
      values.withUnsafeMutableBufferPointer {
        body(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
      }
      #expect(values[count...].allSatisfy { $0 == -1 })
      return Array(values[..<count])
    }
  }
}
