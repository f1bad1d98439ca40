import StrataTensor
import Testing

/// Updates of state: every new value follows from old ones, in whatever order they are stored.
@Suite struct UpdateTests {
  /// Runs one step on three states and returns their new values.
  private func step(
    _ initial: [[Float]], fuses: Bool = true, _ body: ([Tensor]) -> [Tensor]
  ) throws -> [[Float]] {
    let graph = Graph()
    let states = initial.enumerated().map {
      graph.input(TensorType([$1.count]), .state("\($0)"))
    }
    let updates = zip(states, body(states)).map {
      Plan.Update(state: graph.node(for: $0), value: graph.node(for: $1))
    }
    let plan = try Plan(
      graph, outputs: [], updates: updates, options: .init(fusesElementwise: fuses))
    let session = Session(plan)
    let storages = initial.map { Storage($0) }
    for (index, input) in plan.inputs.enumerated() {
      let position = states.firstIndex { graph.node(for: $0) == input.node } ?? 0
      session.bind(index, to: storages[position])
    }
    session.run()
    return zip(storages, initial).map { $0.array(of: Float.self, count: $1.count) }
  }

  @Test(arguments: [true, false]) func statesCanChangePlaces(fuses: Bool) throws {
    let values = try step([[1, 2], [3, 4]], fuses: fuses) { [$0[1], $0[0]] }
    #expect(values == [[3, 4], [1, 2]])
  }

  /// A history of the last two values moves on.
  @Test(arguments: [true, false]) func historiesMoveOn(fuses: Bool) throws {
    let values = try step([[1], [2], [3]], fuses: fuses) { [$0[0] * 10, $0[0], $0[1]] }
    #expect(values == [[10], [1], [2]])
  }

  /// A value computed over its own state, which another update still reads.
  @Test(arguments: [true, false]) func othersReadTheOldValue(fuses: Bool) throws {
    let values = try step([[2], [5], [1]], fuses: fuses) { state in
      let next = state[0] + 1
      return [next, next * state[0], state[1] - state[0]]
    }
    #expect(values == [[3], [6], [3]])
  }

  /// Many states in one chain, each reading the one before: more than there are registers.
  @Test func longChainsOfStatesAgree() throws {
    let initial = (0..<24).map { [Float($0), 1] }
    func body(_ state: [Tensor]) -> [Tensor] {
      var result: [Tensor] = []
      for index in state.indices {
        let before = result.last ?? state[index]
        result.append(before * 0.5 + state[index] + state[(index + 7) % state.count])
      }
      return result
    }
    #expect(try step(initial, body) == step(initial, fuses: false, body))
  }

  @Test func moreThanEightAxesAreRefused() throws {
    let x = Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1])
    let error = #expect(throws: OperationError.self) {
      try x.reshaped([1, 1, 1, 1, 1, 1, 1, 1, 1]).floats()
    }
    #expect(
      error?.description
        == "reshape: expected a result of at most 8 axes, but got [1, 1, 1, 1, 1, 1, 1, 1, 1].")
  }
}
