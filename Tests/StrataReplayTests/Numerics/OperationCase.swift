import StrataTensor
import Testing

/// A small program around one operation: its values and gradients are frozen by their digest.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// Makes the inputs and the result; where there is a gradient, it is taken to all real inputs.
  let body: @Sendable (inout FrozenTrace) -> Tensor
  var testDescription: String { name }

  init(_ name: String, _ body: @escaping @Sendable (inout FrozenTrace) -> Tensor) {
    self.name = "operation/\(name)"
    self.body = body
  }

  func trace() throws -> FrozenTrace {
    var trace = FrozenTrace()
    let y = body(&trace)
    try trace.finish(y)
    return trace
  }

  static let all: [OperationCase] =
    unary + binary + reductions + layouts + indexing + products + windows + recurrent
}

/// A graph with fixed pseudo-random inputs (a linear congruential sequence: no stream of Strata's).
struct FrozenTrace {
  let graph = Graph()
  private(set) var inputs: [(id: NodeID, value: Tensor)] = []
  private(set) var outputs: [NodeID] = []
  private var tensors: [Tensor] = []
  private var state: UInt64 = 7

  private static let special: [Float] = [
    0, -0.0, .infinity, -.infinity, .nan, Float(bitPattern: 700), Float(bitPattern: 0x8000_1000),
    3e38, -3e38, 1, -1, 0.5, 2.5, 88.7, -103,
  ]

  private mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }

  /// Values from -scale to scale of many magnitudes, so that every change of an order rounds
  /// differently.
  mutating func real(_ shape: Shape, scale: Float = 1) -> Tensor {
    let values = (0..<shape.count).map { _ in
      let value = Float(next()) / Float(1 << 30) - 1
      return value * value * value * (scale * 0.999)
    }
    return add(Tensor(values, shape: shape))
  }

  /// Values with special ones among them.
  mutating func wild(_ shape: Shape) -> Tensor {
    let values = (0..<shape.count).map { index in
      let value = (Float(next()) / Float(1 << 30) - 1) * 4
      return index % 3 == 0 ? Self.special[index / 3 % Self.special.count] : value
    }
    return add(Tensor(values, shape: shape))
  }

  mutating func bits(_ shape: Shape) -> Tensor {
    add(Tensor((0..<shape.count).map { _ in next() % 3 == 0 ? 0 : 1 }, shape: shape))
  }

  mutating func integers(_ shape: Shape, below limit: UInt64) -> Tensor {
    add(Tensor((0..<shape.count).map { _ in Int32(next() % limit) }, shape: shape))
  }

  private mutating func add(_ value: Tensor) -> Tensor {
    let tensor = graph.input(value.type, .argument("\(inputs.count)"))
    inputs.append((graph.node(for: tensor), value))
    if value.element == .float32 { tensors.append(tensor) }
    return tensor
  }

  /// Outputs: the result, and the gradients of a weighted sum of it.
  mutating func finish(_ y: Tensor) throws {
    let variables = tensors
    var results = [y]
    if y.element == .float32 {
      let weights = real(y.shape)
      results += Gradient.of((y * weights).sum(), withRespectTo: variables)
    }
    if let error = graph.error { throw error }
    outputs = results.map(graph.node(for:))
  }

  /// All outputs by the definition.
  func reference() -> [Float] {
    let values = Dictionary(
      uniqueKeysWithValues: inputs.map { input -> (NodeID, ReferenceBuffer<Float>) in
        guard case .concrete(let storage) = input.value.value else {
          return (input.id, ReferenceBuffer(input.value.shape, .real([])))
        }
        return (input.id, ReferenceExecutor<Float>.buffer(input.value.type, storage))
      })
    return ReferenceExecutor<Float>().run(graph, inputs: values, outputs: outputs)
      .flatMap(\.reals)
  }

  /// A session of the native executor with its inputs bound.
  func session(fuses: Bool) throws -> Session {
    let plan = try Plan(
      graph, outputs: outputs, options: .init(fusesElementwise: fuses, simplifies: fuses))
    let session = Session(plan)
    for (index, input) in plan.inputs.enumerated() {
      for (id, value) in inputs where id == input.node {
        session.bind(index, to: try value.storage(of: value.element))
      }
    }
    return session
  }

  /// All outputs of a session's run.
  func native(_ session: Session) throws -> [Float] {
    session.run()
    return try outputs.indices.flatMap { try session.output($0).asFloat32().floats() }
  }
}
