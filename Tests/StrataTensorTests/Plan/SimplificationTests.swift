import StrataTensor
import Testing

/// What a plan does not compute twice.
@Suite struct SimplificationTests {
  /// The instructions for `body` of two inputs, each operation one of its own.
  private func count(
    _ body: (Tensor, Tensor) -> Tensor, simplifies: Bool
  ) throws -> Int {
    let graph = Graph()
    let a = graph.input(TensorType([40, 8]), .argument("a"))
    let b = graph.input(TensorType([1, 8]), .argument("b"))
    let plan = try Plan(
      graph, outputs: [graph.node(for: body(a, b))],
      options: .init(fusesElementwise: false, simplifies: simplifies))
    return plan.labels.count
  }

  /// (a - b) · (a - b): the difference once.
  @Test func equalNodesAreComputedOnce() throws {
    #expect(try count({ ($0 - $1) * ($0 - $1) }, simplifies: false) == 3)
    #expect(try count({ ($0 - $1) * ($0 - $1) }, simplifies: true) == 2)
    #expect(try count({ ($0 - $1) * ($1 - $0) }, simplifies: true) == 3)
  }

  /// An elementwise operation broadcasts by itself, and reads a detached value at its source.
  @Test func copiesAreNotMade() throws {
    let spread = { (a: Tensor, b: Tensor) in a + b.broadcast(to: [40, 8]) }
    #expect(try count(spread, simplifies: false) == 2)
    #expect(try count(spread, simplifies: true) == 1)
    #expect(try count({ a, b in a.detached() + b }, simplifies: true) == 1)
  }

  /// What a group computes for others too is stored, not computed again: one chain for three.
  @Test func aChainWithAReaderOutside() throws {
    let graph = Graph()
    let x = graph.input(TensorType([64]), .argument("x"))
    let y = (x * 2).exp()
    let plan = try Plan(graph, outputs: [(y + 1).sum(), y.sum()].map(graph.node(for:)))
    #expect(plan.labels.filter { $0.contains("exp") } == ["multiply+exp+add [64] [] [] -> [64]"])
    #expect(plan.labels.count == 3)
  }
}
