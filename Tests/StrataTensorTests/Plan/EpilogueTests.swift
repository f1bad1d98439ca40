import StrataTensor
import TestSupport
import Testing

/// Convolutions and the derivative of pooling that finish their own results.
@Suite(.choosesMachine) struct EpilogueTests {
  struct Network: CustomTestStringConvertible, Sendable {
    var channels = 3
    var filters: Int
    var stride = 1
    var before = 0
    /// The pooling's size and stride.
    var pooling = (2, 2)
    var ties = PoolingTies.first
    var testDescription: String {
      "\(filters) filters, stride \(stride), \(before) before, \(pooling), \(ties)"
    }

    func axis(_ size: Int, _ kernel: Int, _ stride: Int, before: Int = 0) -> WindowAxis {
      let output = (size + 2 * before - kernel) / stride + 1
      return WindowAxis(size: kernel, stride: stride, before: before, output: output)
    }

    /// relu(convolution), relu(convolution), pooling; the result and the gradients of a weighted sum.
    func outputs(_ inputs: [Tensor]) -> [Tensor] {
      let first = axis(9, 3, stride, before: before)
      let second = axis(first.output, 3, 1, before: 1)
      let third = axis(second.output, pooling.0, pooling.1)
      let hidden = inputs[0].convolution2D(
        inputs[1], bias: inputs[2], window: Window2D(rows: first, columns: first)
      ).relu()
      let images = hidden.convolution2D(
        inputs[3], window: Window2D(rows: second, columns: second)
      ).relu()
      let y = images.maxPooling2D(Window2D(rows: third, columns: third), ties: ties)
      let loss = (y * y * 0.5 - y).sum()
      return [y] + Gradient.of(loss, withRespectTo: Array(inputs[..<4]))
    }

    var shapes: [Shape] {
      [
        [2, 9, 9, channels], [3, 3, channels, filters], [filters], [3, 3, filters, filters],
      ]
    }
  }

  static let networks = [
    Network(filters: 5), Network(filters: 17, before: 1),
    Network(filters: 64, stride: 2, before: 1),
    Network(filters: 16, before: 2, pooling: (3, 2)), Network(filters: 33, pooling: (2, 3)),
    Network(filters: 4, pooling: (3, 1), ties: .all), Network(filters: 80, ties: .all),
    Network(channels: 1, filters: 1, before: 1),
  ]

  /// Steps of a quarter, so that maxima tie and sums are 0.
  private func values(_ count: Int, _ seed: Int) -> [Float] {
    var random = Philox(seed: 3, name: "\(seed)")
    return random.uniform(count: count).map { ($0 * 9).rounded(.down) / 4 - 1 }
  }

  @Test(arguments: networks) func bitsStay(_ network: Network) throws {
    let graph = Graph()
    let inputs = network.shapes.enumerated().map {
      graph.input(TensorType($1), .argument("\($0)"))
    }
    let buffers = network.shapes.enumerated().map { values($1.count, $0) }
    let outputs = network.outputs(inputs).map(graph.node(for:))
    let expected = ReferenceExecutor<Float>().run(
      graph,
      inputs: Dictionary(
        uniqueKeysWithValues: inputs.indices.map {
          (graph.node(for: inputs[$0]), ReferenceBuffer(network.shapes[$0], .real(buffers[$0])))
        }), outputs: outputs)
    for simplifies in [true, false] {
      let plan = try Plan(graph, outputs: outputs, options: .init(simplifies: simplifies))
      let session = Session(plan)
      for (index, input) in plan.inputs.enumerated() {
        let position = inputs.firstIndex { graph.node(for: $0) == input.node } ?? 0
        session.bind(index, to: Storage(buffers[position]))
      }
      try withEveryConfiguration(threads: [1, 3]) { machine in
        session.run()
        for (index, reference) in expected.enumerated() {
          let actual = try session.output(index).floats()
          #expect(
            actual.map(\.bitPattern) == reference.reals.map(\.bitPattern),
            "output \(index), \(machine)\n\(plan)")
        }
      }
    }
  }

  /// Both convolutions rectify, and the two derivatives let pass what is positive.
  @Test func nothingRunsAfterThem() throws {
    let graph = Graph()
    let network = Network(filters: 5)
    let inputs = network.shapes.enumerated().map {
      graph.input(TensorType($1), .argument("\($0)"))
    }
    let outputs = network.outputs(inputs).map(graph.node(for:))
    let labels = try Plan(graph, outputs: outputs).labels
    func count(_ text: String) -> Int { labels.filter { $0.hasPrefix(text + " ") }.count }
    #expect(count("convolution2D+relu") == 2)
    #expect(count("maxPooling2DGradient+mask") == 1)
    #expect(count("convolution2DInput+mask") == 1)
    #expect(!labels.contains { $0.contains("select") })
  }

  /// A sum that something else reads as well is kept as it is.
  @Test func aSumWithAnotherReaderStays() throws {
    let graph = Graph()
    let x = graph.input(TensorType([1, 5, 5, 2]), .argument("x"))
    let kernel = graph.input(TensorType([3, 3, 2, 4]), .argument("kernel"))
    let axis = WindowAxis(size: 3, output: 3)
    let y = x.convolution2D(kernel, window: Window2D(rows: axis, columns: axis))
    let plan = try Plan(graph, outputs: [y.relu(), y].map(graph.node(for:)))
    #expect(plan.labels.filter { $0.hasPrefix("convolution2D ") }.count == 1)
    #expect(plan.labels.filter { $0.hasPrefix("relu ") }.count == 1)
  }
}
