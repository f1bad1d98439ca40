import StrataTensor
import TestSupport
import Testing

/// The kernels of recurrent layers must reproduce the definition to the last bit.
@Suite(.choosesMachine) struct RecurrentEqualityTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var cell: RecurrentCell
    var time: Int, batch: Int, units: Int
    var isMasked: Bool
    var returnsSequence: Bool
    var testDescription: String {
      "\(cell) \([time, batch, units]) masked \(isMasked) sequence \(returnsSequence)"
    }

    static let all: [Case] = RecurrentCell.Kind.allCases.flatMap { kind in
      GateActivation.allCases.enumerated().flatMap { index, gate in
        let inner = GateActivation.allCases[(index + 3) % GateActivation.allCases.count]
        let cell = RecurrentCell(kind, activation: gate, inner: inner)
        let sizes = [(1, 1, 1), (9, 1, 76), (4, 5, 7), (3, 17, 16), (2, 33, 35)][index % 5]
        return [false, true].map { flag in
          Case(
            cell: cell, time: sizes.0, batch: sizes.1, units: sizes.2, isMasked: flag,
            returnsSequence: flag != (index % 2 == 0))
        }
      }
    }
  }

  @Test(arguments: Case.all)
  func valuesAndGradientsHaveEqualBits(_ item: Case) throws {
    let trace = try RecurrentTrace(item)
    let expected = ReferenceExecutor<Float>().run(
      trace.graph, inputs: trace.referenceInputs(), outputs: trace.outputs)
    try withEveryConfiguration(threads: [1, 3]) { machine in
      let session = Session(try Plan(trace.graph, outputs: trace.outputs))
      for (index, input) in session.plan.inputs.enumerated() {
        session.bind(index, to: Storage(trace.inputs.first { $0.id == input.node }?.values ?? []))
      }
      session.run()
      for (index, reference) in expected.enumerated() {
        let actual = try session.output(index).floats()
        #expect(
          actual.map(Self.bits) == reference.reals.map(Self.bits),
          "output \(index), \(machine)")
      }
    }
  }

  private static func bits(_ value: Float) -> UInt32 {
    value.isNaN ? 0x7fc0_0000 : value.bitPattern
  }
}

/// A recurrent layer on random values, its output and the gradients of a weighted sum of it.
struct RecurrentTrace {
  let graph = Graph()
  private(set) var inputs: [(id: NodeID, values: [Float], shape: Shape)] = []
  private(set) var outputs: [NodeID] = []

  init(_ item: RecurrentEqualityTests.Case) throws {
    var random = Philox(seed: 5, name: item.testDescription)
    let gates = [1, 4, 3, 3][RecurrentCell.Kind.allCases.firstIndex(of: item.cell.kind) ?? 0]
    let width = gates * item.units
    let rows = item.cell.kind == .gruResetAfter ? 2 : 1
    let shapes: [Shape] = [
      [item.time, item.batch, width], [item.units, width], [rows * width],
    ]
    var tensors = shapes.map { shape in
      input(shape, random.normal(count: shape.count).map { $0 * 0.6 })
    }
    if item.isMasked {
      let mask = random.bernoulli(probability: 0.6, count: item.time * item.batch)
      tensors.append(input([item.time, item.batch], mask))
    }
    let y = Tensor.recurrent(
      item.cell, products: tensors[0], weights: tensors[1], bias: tensors[2],
      mask: item.isMasked ? tensors[3] : nil, returnsSequence: item.returnsSequence)
    let weights = Tensor(random.normal(count: y.shape.count), shape: y.shape)
    let gradients = Gradient.of((y * weights).sum(), withRespectTo: Array(tensors[..<3]))
    if let error = graph.error { throw error }
    outputs = ([y] + gradients).map(graph.node(for:))
  }

  private mutating func input(_ shape: Shape, _ values: [Float]) -> Tensor {
    let tensor = graph.input(TensorType(shape), .argument("\(inputs.count)"))
    inputs.append((graph.node(for: tensor), values, shape))
    return tensor
  }

  func referenceInputs() -> [NodeID: ReferenceBuffer<Float>] {
    Dictionary(
      uniqueKeysWithValues: inputs.map {
        ($0.id, ReferenceBuffer($0.shape, .real($0.values)))
      })
  }
}
