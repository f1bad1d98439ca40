/// A traced and compiled function of tensors, to be called many times: a training loop of one's own.
///
///     let step = try Function([x.type, w.type]) { t in t[0].matmul(t[1]).sum() }
///     let loss = try step(x, w)[0].scalar()
///
/// One function belongs to one task at a time.
public final class Function {
  private let argumentTypes: [TensorType]
  private let session: Session
  /// For each input of the plan, the argument that it is.
  private let arguments: [Int]

  /// Traces `body` with symbolic arguments of the given types.
  ///
  /// - Throws: the first `OperationError` of the trace, or what `body` throws.
  public init(_ argumentTypes: [TensorType], _ body: ([Tensor]) throws -> [Tensor]) throws {
    let graph = Graph()
    let inputs = argumentTypes.enumerated().map { graph.input($1, .argument("\($0)")) }
    let results = try body(inputs).map(graph.node(for:))
    let plan = try Plan(graph, outputs: results)
    self.argumentTypes = argumentTypes
    session = Session(plan)
    let positions = Dictionary(
      uniqueKeysWithValues: inputs.enumerated().map { (graph.node(for: $1), $0) })
    arguments = plan.inputs.map { positions[$0.node] ?? 0 }
  }

  /// Traces `loss` and its gradients: the results are the loss, then a gradient for each argument
  /// in `variables`.
  ///
  /// - Throws: the first `OperationError` of the trace, or what `loss` throws.
  public convenience init(
    gradientOf loss: ([Tensor]) throws -> Tensor, arguments: [TensorType], variables: [Int]
  ) throws {
    try self.init(arguments) { tensors in
      let value = try loss(tensors)
      return [value] + Gradient.of(value, withRespectTo: variables.map { tensors[$0] })
    }
  }

  /// Runs the function.
  ///
  /// - Throws: `OperationError` if an argument is not a tensor of the type it was traced with.
  public func callAsFunction(_ tensors: Tensor...) throws -> [Tensor] { try call(tensors) }

  /// Runs the function.
  ///
  /// - Throws: `OperationError` if an argument is not a tensor of the type it was traced with.
  public func call(_ tensors: [Tensor]) throws -> [Tensor] {
    try run(tensors)
    return session.plan.outputs.indices.map(session.output)
  }

  /// Runs the function and leaves its results where they arise, for `result(_:)` to copy.
  ///
  /// - Throws: `OperationError` if an argument is not a tensor of the type it was traced with.
  public func run(_ tensors: [Tensor]) throws {
    guard tensors.map(\.type) == argumentTypes else {
      throw OperationError(
        operation: "function", reason: "arguments \(argumentTypes)", found: "\(tensors.map(\.type))"
      )
    }
    for (index, argument) in arguments.enumerated() {
      session.bind(index, to: try tensors[argument].storage(of: argumentTypes[argument].element))
    }
    session.run()
  }

  /// The result at a position, of the latest run.
  public func result(_ index: Int = 0) -> Tensor { session.output(index) }
}

/// The value of a scalar function and its gradient with respect to every argument.
///
/// - Throws: the first `OperationError` of the trace, or what `body` throws.
public func valueAndGradient(
  at tensors: [Tensor], of body: ([Tensor]) throws -> Tensor
) throws -> (value: Tensor, gradients: [Tensor]) {
  let function = try Function(
    gradientOf: body, arguments: tensors.map(\.type), variables: Array(tensors.indices))
  let results = try function.call(tensors)
  return (results[0], Array(results.dropFirst()))
}
