import StrataTensor
import TestSupport
import Testing

/// Expects of the native executor what the reference executor computes, to the last bit, in every
/// configuration of the machine, for each of some ways to plan.
func expectEqualBits(
  _ graph: Graph, inputs: [(id: NodeID, values: [Float], shape: Shape)], outputs: [NodeID],
  options: [Plan.Options] = [Plan.Options()]
) throws {
  let buffers = inputs.map { ($0.id, ReferenceBuffer($0.shape, .real($0.values))) }
  let expected = ReferenceExecutor<Float>().run(
    graph, inputs: Dictionary(uniqueKeysWithValues: buffers), outputs: outputs)
  for options in options {
    let plan = try Plan(graph, outputs: outputs, options: options)
    let session = Session(plan)
    for (index, input) in plan.inputs.enumerated() {
      session.bind(index, to: Storage(inputs.first { $0.id == input.node }?.values ?? []))
    }
    try withEveryConfiguration(threads: [1, 3]) { machine in
      session.run()
      for (index, reference) in expected.enumerated() {
        // Not the arrays: their comparison, should it fail, would take minutes to print.
        let isEqual = bits(try session.output(index).floats()) == bits(reference.reals)
        #expect(isEqual, "output \(index), \(options), \(machine)\n\(plan)")
      }
    }
  }
}

/// Bit patterns with one NaN.
private func bits(_ values: [Float]) -> [UInt32] {
  values.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern }
}
