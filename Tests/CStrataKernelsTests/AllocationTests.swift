import CStrataKernels
import Testing

@Suite struct AllocationTests {
  /// Small and large blocks, around the sizes of pages: zeros from end to end, also when memory is
  /// used again.
  @Test(arguments: [1, 64, 4095, 100_000, 2_097_151, 2_097_152, 2_097_153, 5_000_000])
  func blocksAreZeroAndAligned(_ bytes: Int) throws {
    for _ in 0..<3 {
      let block = try #require(strata_allocate(Int64(bytes)))
      #expect(UInt(bitPattern: block) % 64 == 0)
      let values = UnsafeMutableRawBufferPointer(start: block, count: bytes)
      #expect(values.allSatisfy { $0 == 0 })
      values.initializeMemory(as: UInt8.self, repeating: 0xFF)
      strata_free(block, Int64(bytes))
    }
  }
}
