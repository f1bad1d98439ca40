import Synchronization

/// The position of a node in its graph.
package typealias NodeID = Int

/// What a node is: given from outside, or an operation on earlier nodes.
package enum NodeKind: Sendable {
  case input(InputRole)
  case constant(Storage)
  case operation(any Operation)
}

/// Where an input's values come from.
package enum InputRole: Sendable, Hashable {
  /// Bound anew for each run.
  case argument(String)
  /// Kept between runs and rewritten by updates: parameters, optimizer slots, statistics.
  case state(String)
  /// Drawn from a random stream before each run.
  case random(RandomDraw)
}

/// Numbers that a step draws, in the order of their appearance in the trace.
public struct RandomDraw: Sendable, Hashable {
  /// The layer's path and use, the name of the stream.
  public var stream: String
  public var distribution: Distribution
  public enum Distribution: Sendable, Hashable {
    /// 1 with probability `keep`, else 0.
    case bernoulli(keep: Float)
    case uniform(low: Float, high: Float)
    case normal(mean: Float, deviation: Float)
  }
  public init(stream: String, distribution: Distribution) {
    self.stream = stream
    self.distribution = distribution
  }
}

package struct Node: Sendable {
  package var kind: NodeKind
  package var operands: [NodeID]
  package var type: TensorType
  /// The layer in whose forward the node arose.
  package var scope: Int
}

/// A trace of operations: an array of nodes, each reading earlier ones only.
public final class Graph: Sendable {
  struct State {
    var nodes: [Node] = []
    var error: OperationError?
    var scopes: [[String]] = [[]]
    var scope = 0
  }
  private let state = Mutex(State())

  package init() {}

  package var nodes: [Node] { state.withLock { $0.nodes } }
  package var count: Int { state.withLock { $0.nodes.count } }
  /// The first error of the trace.
  package var error: OperationError? { state.withLock { $0.error } }
  package func type(of id: NodeID) -> TensorType { state.withLock { $0.nodes[id].type } }
  package func path(ofScope index: Int) -> [String] { state.withLock { $0.scopes[index] } }

  package func input(_ type: TensorType, _ role: InputRole) -> Tensor {
    append(Node(kind: .input(role), operands: [], type: type, scope: 0))
  }

  /// Appends an operation; where its shape rule fails the error is kept and a poisoned input of the
  /// first operand's type stands for the result.
  package func apply(_ operation: any Operation, _ operands: [Tensor]) -> Tensor {
    let ids = operands.map(node(for:))
    let types = operands.map(\.type)
    do throws(OperationError) {
      let type = try operation.checkedType(types)
      return append(Node(kind: .operation(operation), operands: ids, type: type, scope: 0))
    } catch {
      record(error)
      return Tensor(types.first ?? TensorType([]), .failed(error))
    }
  }

  /// Keeps the first error, with the path of the current layer.
  package func record(_ error: OperationError) {
    state.withLock { state in
      guard state.error == nil else { return }
      var located = error
      located.path = state.scopes[state.scope] + error.path
      state.error = located
    }
  }

  /// Runs `body` with `name` appended to the path of what it traces.
  package func scoped<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let outer = state.withLock { state in
      let outer = state.scope
      state.scopes.append(state.scopes[outer] + [name])
      state.scope = state.scopes.count - 1
      return outer
    }
    defer { state.withLock { $0.scope = outer } }
    return try body()
  }

  /// Runs `body` as if within the scope `index`: what it traces belongs to that layer.
  func inScope<Result>(_ index: Int, _ body: () throws -> Result) rethrows -> Result {
    let outer = state.withLock { state in
      defer { state.scope = index }
      return state.scope
    }
    defer { state.withLock { $0.scope = outer } }
    return try body()
  }

  private func append(_ node: Node) -> Tensor {
    let id = state.withLock { state in
      var node = node
      node.scope = state.scope
      state.nodes.append(node)
      return state.nodes.count - 1
    }
    return Tensor(node.type, .symbolic(self, id))
  }

  package func node(for tensor: Tensor) -> NodeID {
    switch tensor.value {
    case .symbolic(let graph, let id) where graph === self: return id
    case .concrete(let storage):
      let node = Node(kind: .constant(storage), operands: [], type: tensor.type, scope: 0)
      guard case .symbolic(_, let id) = append(node).value else { return 0 }
      return id
    case .symbolic:
      record(
        OperationError(
          operation: "trace", reason: "operands of one graph", found: "a tensor of another graph"))
    case .failed(let error): record(error)
    }
    guard case .symbolic(_, let id) = input(tensor.type, .argument("failed")).value else {
      return 0
    }
    return id
  }
}

extension Tensor {
  /// Applies an operation: now if all operands are concrete, else by tracing.
  package static func apply(_ operation: any Operation, _ operands: [Tensor]) -> Tensor {
    for operand in operands {
      if case .failed = operand.value { return operand }
    }
    for operand in operands {
      if case .symbolic(let graph, _) = operand.value { return graph.apply(operation, operands) }
    }
    return Immediate.apply(operation, operands)
  }
}
