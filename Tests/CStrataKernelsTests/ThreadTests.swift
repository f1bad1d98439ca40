import CStrataKernels
import TestSupport
import Testing

extension KernelTests {
  @Suite struct Threads {
    /// Programs of different sizes at once: those that find the pool busy run on their own thread.
    @Test func programsRunFromSeveralThreadsAtOnce() async {
      var random = Sequence64(61)
      let (a, b) = (random.values(200 * 60), random.values(60 * 150))
      let sizes = [[1, 200, 150, 60, 0, 0, 0], [1, 8, 150, 60, 0, 0, 0]]
      let expected = sizes.map { s in
        Matmul.reference(0, s, a, b, [], [Float](repeating: 0, count: s[1] * s[2]))
      }
      strata_set_thread_count(4)
      let wrong = await withTaskGroup(of: Int.self) { group in
        for task in 0..<4 {
          group.addTask {
            var wrong = 0
            for round in 0..<50 {
              let which = (task + round) % 2
              let call = KernelCall(opcode: STRATA_MATMUL, sizes: sizes[which])
              let out = call([[Float](repeating: 0, count: expected[which].count), a, b])[0]
              if !sameBits(out, expected[which]) { wrong += 1 }
            }
            return wrong
          }
        }
        return await group.reduce(0, +)
      }
      #expect(wrong == 0)
    }

    @Test func theNumberOfThreadsIsKept() {
      strata_set_thread_count(3)
      #expect(strata_thread_count() == 3)
      strata_set_thread_count(-1)
      #expect(strata_thread_count() == 1)
    }

    @Test func anInstructionSetIsChosenByName() {
      for name in instructionSets() {
        #expect(strata_select_isa(name))
        #expect(String(cString: strata_isa_name()) == name)
      }
      #expect(!strata_select_isa("abacus"))
    }
  }
}
