import StrataTensor
import TestSupport
import Testing

/// The native executor must reproduce the reference executor to the last bit.
@Suite(.choosesMachine) struct ExecutorEqualityTests {
  @Test(arguments: 0..<150)
  func randomProgramsGiveEqualBits(seed: Int) throws {
    let program = RandomGraph(seed: UInt64(seed), operations: 24)
    let expected = ReferenceExecutor<Float>().run(
      program.graph, inputs: referenceInputs(program), outputs: program.outputs)
    for fuses in [true, false] {
      let plan = try Plan(
        program.graph, outputs: program.outputs,
        options: .init(fusesElementwise: fuses, simplifies: fuses))
      let session = Session(plan)
      for (index, input) in plan.inputs.enumerated() {
        let values = program.inputs.first { $0.id == input.node }?.values ?? []
        session.bind(index, to: Storage(values))
      }
      try withEveryConfiguration(threads: [1, 3]) { machine in
        session.run()
        for (index, reference) in expected.enumerated() {
          let actual = try session.output(index).floats()
          #expect(
            bits(actual) == bits(reference.reals),
            "output \(index), fused \(fuses), \(machine)\n\(plan)")
        }
      }
    }
  }

  private func referenceInputs(_ program: RandomGraph) -> [NodeID: ReferenceBuffer<Float>] {
    Dictionary(
      uniqueKeysWithValues: program.inputs.map { input in
        (input.id, ReferenceBuffer(input.shape, .real(input.values)))
      })
  }

  /// Bit patterns with one NaN.
  private func bits(_ values: [Float]) -> [UInt32] {
    values.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern }
  }
}
