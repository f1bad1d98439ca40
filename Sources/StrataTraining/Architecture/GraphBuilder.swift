public import StrataCore
public import StrataTensor

/// Builds a graph of layers: several inputs and outputs, branches, shared layers.
///
///     let graph = GraphBuilder()
///     let left = graph.input([8]), right = graph.input([8])
///     let shared = graph.node(Dense(units: 4, activation: .tanh))
///     let merged = graph.node(Concatenate())(shared(left), shared(right))
///     let model = try Model(graph.architecture(outputs: [merged]), semantics: .keras("1.2.0"))
public final class GraphBuilder {
  private var result = Architecture(
    form: .graph, inputs: [], nodes: [], calls: [], outputs: [])

  public init(name: String? = nil) { result.name = name }

  /// A value of the graph.
  public struct Value {
    fileprivate let source: Architecture.Source
    fileprivate let graph: ObjectIdentifier
  }

  /// A layer of the graph; each call uses the same parameters.
  public struct Node {
    fileprivate let graph: GraphBuilder
    fileprivate let index: Int

    public func callAsFunction(_ inputs: Value...) -> Value { graph.call(index, inputs) }
    public func callAsFunction(_ inputs: [Value]) -> Value { graph.call(index, inputs) }
  }

  /// An input of the model; `shape` is that of one sample.
  public func input(_ shape: Shape, name: String? = nil) -> Value {
    result.inputs.append(.init(shape, name: name))
    return Value(source: .input(result.inputs.count - 1), graph: ObjectIdentifier(self))
  }

  /// What a layer gave besides its output `value`: the states of a recurrent layer, from 1.
  public func further(_ value: Value, _ output: Int) -> Value {
    guard case .call(let call) = value.source else {
      return Value(source: Self.foreign, graph: value.graph)
    }
    return Value(source: .further(call, output: output), graph: value.graph)
  }

  public func node(_ layer: any Layer, name: String? = nil) -> Node {
    result.nodes.append(.init(layer, name: name))
    return Node(graph: self, index: result.nodes.count - 1)
  }

  private func call(_ node: Int, _ inputs: [Value]) -> Value {
    result.calls.append(.init(node: node, inputs: inputs.map(source(of:))))
    return Value(source: .call(result.calls.count - 1), graph: ObjectIdentifier(self))
  }

  /// Stands for a value of another graph; building the model refuses it.
  static let foreign = Architecture.Source.call(-1)

  private func source(of value: Value) -> Architecture.Source {
    value.graph == ObjectIdentifier(self) ? value.source : Self.foreign
  }

  public func architecture(outputs: [Value]) -> Architecture {
    var architecture = result
    architecture.outputs = outputs.map(source(of:))
    return architecture
  }
}
