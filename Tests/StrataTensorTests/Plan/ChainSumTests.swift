import TestSupport
import Testing

@testable import StrataTensor

/// Sums over rows that chains of elementwise operations add up while they run.
@Suite(.choosesMachine) struct ChainSumTests {
  /// A random program over the rows of a matrix, in which sums feed what comes after them.
  struct Rows {
    let graph = Graph()
    private(set) var inputs: [(id: NodeID, values: [Float], shape: Shape)] = []
    private(set) var outputs: [NodeID] = []
    private var whole: [Tensor] = []
    private var rows: [Tensor] = []
    private var random: Philox

    init(seed: Int) {
      random = Philox(seed: UInt64(seed), name: "rows")
      let width = pick([16, 32, 48, 80])
      let count = pick([2048, 2049, 2055, 2563])
      whole = [input([count, width], seed), input([count, width], seed + 1)]
      rows = [input([width], seed), input([1, width], seed)]
      let leaves = whole + rows
      for _ in 0..<10 { step() }
      let loss = whole.suffix(2).reduce(rows[2...].reduce(0) { $0 + $1.sum() }) { $0 + $1.sum() }
      let results = whole.suffix(2) + rows.suffix(3) + Gradient.of(loss, withRespectTo: leaves)
      outputs = results.map(graph.node(for:))
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
      list[min(Int(random.uniform(count: 1)[0] * Float(list.count)), list.count - 1)]
    }

    /// Some are not finite or subnormal.
    private mutating func input(_ shape: Shape, _ kind: Int) -> Tensor {
      var values = random.normal(count: shape.count)
      if kind % 3 == 0 {
        let special: [Float] = [0, -0.0, .infinity, .nan, 3e38, -3e38, Float(bitPattern: 700)]
        for (index, value) in special.enumerated() { values[index * 37 % values.count] = value }
      }
      let tensor = graph.input(TensorType(shape), .argument("\(inputs.count)"))
      inputs.append((graph.node(for: tensor), values, shape))
      return tensor
    }

    private mutating func step() {
      let x = pick(whole)
      switch pick([0, 1, 2, 3, 4, 5, 6, 7]) {
      case 0: whole.append(pick([-x, x.relu(), x.abs(), x.exp(), x.squareRoot(), x.tanh()]))
      case 1, 2:
        whole.append(pick([x * pick(rows), x - pick(rows), x + pick(rows), x / pick(rows)]))
      case 3, 4: whole.append(pick([x * pick(whole), x + pick(whole), x - pick(whole)]))
      case 5: whole.append(.select(x.isGreater(than: 0), pick(whole), x * 0.5))
      default: rows.append(x.sum(axes: [0], keepingDimensions: pick([true, false])))
      }
    }
  }

  @Test(arguments: 0..<24) func randomProgramsGiveEqualBits(seed: Int) throws {
    let program = Rows(seed: seed)
    try expectEqualBits(program.graph, inputs: program.inputs, outputs: program.outputs)
  }

  /// No node runs before what it reads.
  @Test(arguments: 0..<24) func operandsComeFirst(seed: Int) {
    for graph in [Rows(seed: seed).graph, RandomGraph(seed: UInt64(seed), operations: 24).graph] {
      let nodes = graph.nodes
      let order = ExecutionOrder(nodes, isLive: nodes.map { _ in true })
      #expect(order.ids.sorted() == Array(nodes.indices))
      for id in nodes.indices {
        #expect(nodes[id].operands.allSatisfy { order.rank[$0] < order.rank[id] }, "node \(id)")
      }
    }
  }

  /// A normalisation by its batch and its gradient read the batch four times: for the mean, for what
  /// follows from it, for the gradient of the mean, for the result.
  @Test func aNormalizationAndItsGradientTakeFourPasses() throws {
    let graph = Graph()
    let shape: Shape = [4, 32, 32, 16]
    let x = graph.input(TensorType(shape), .argument("x"))
    let gamma = graph.input(TensorType([16]), .argument("gamma"))
    let dy = graph.input(TensorType(shape), .argument("dy"))
    let mean = x.sum(axes: [0, 1, 2], keepingDimensions: true) / 4096
    let centered = x - mean
    let variance = (centered * centered).sum(axes: [0, 1, 2], keepingDimensions: true) / 4096
    let y = centered * (gamma / (variance + 0.001).squareRoot())
    let gradients = Gradient.of((y * dy).sum(), withRespectTo: [x, gamma])
    let plan = try Plan(graph, outputs: gradients.map(graph.node(for:)))
    let passes = plan.labels.filter { $0.contains("[4, 32, 32, 16]") }
    #expect(passes.filter { $0.hasPrefix("sum ") }.count == 1, "the mean\n\(plan)")
    #expect(passes.count == 4, "\(plan)")
  }

  /// The old values are summed, though new ones are written over them meanwhile.
  @Test func aStateIsSummedBeforeItChanges() throws {
    let graph = Graph()
    let type = TensorType([2048, 16])
    let state = graph.input(type, .argument("state"))
    let total = state.sum(axes: [0])
    let next = state * 2 + 1
    let plan = try Plan(
      graph, outputs: [graph.node(for: total)],
      updates: [.init(state: graph.node(for: state), value: graph.node(for: next))])
    let session = Session(plan)
    let memory = Storage((0..<type.shape.count).map { Float($0 % 16) })
    session.bind(0, to: memory)
    session.run()
    #expect(try session.output(0).floats() == (0..<16).map { Float($0 * 2048) })
    session.run()
    #expect(try session.output(0).floats() == (0..<16).map { Float(($0 * 2 + 1) * 2048) })
    #expect(plan.labels.contains { $0.hasPrefix("sum+multiply+add") }, "\(plan)")
  }
}
