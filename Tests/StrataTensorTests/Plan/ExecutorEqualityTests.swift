import StrataTensor
import TestSupport
import Testing

/// The native executor must reproduce the reference executor to the last bit.
@Suite(.choosesMachine) struct ExecutorEqualityTests {
  @Test(arguments: 0..<150)
  func randomProgramsGiveEqualBits(seed: Int) throws {
    let program = RandomGraph(seed: UInt64(seed), operations: 24)
    try expectEqualBits(
      program.graph, inputs: program.inputs, outputs: program.outputs,
      options: [true, false].map { .init(fusesElementwise: $0, simplifies: $0) })
  }
}
