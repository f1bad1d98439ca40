public import StrataTensor

/// What a layer's `forward` may use: its parameters, the mode, masks, random numbers.
public final class LayerContext {
  /// Whether the trace is of a training step (dropout acts, batch statistics are used).
  public let isTraining: Bool
  /// The masks that came with the inputs: 1 where a time step counts, `[batch, time]`.
  public let masks: [Tensor?]

  package let graph: Graph
  package let path: String
  private let parameters: [String: Tensor]
  /// New values of statistics, in the order in which they were given.
  package private(set) var updates: [(name: String, value: Tensor)] = []
  /// Penalties that the layer adds to the loss.
  package private(set) var penalties: [Tensor] = []
  /// How often the layer was used before in the same pass.
  private let use: Int
  private var draws = 0

  package init(
    graph: Graph, path: String, isTraining: Bool, masks: [Tensor?], parameters: [String: Tensor],
    use: Int = 0
  ) {
    self.use = use
    self.graph = graph
    self.path = path
    self.isTraining = isTraining
    self.masks = masks
    self.parameters = parameters
  }

  /// A parameter or statistic by the name in its spec.
  public subscript(_ name: String) -> Tensor {
    if let parameter = parameters[name] { return parameter }
    let known = parameters.keys.sorted().joined(separator: ", ")
    let error = OperationError(
      operation: "parameter", reason: "one of \(known)", found: "\"\(name)\"")
    graph.record(error)
    return Tensor(TensorType([]), .failed(error))
  }

  /// Rewrites a statistic at the end of the step (all updates read the old values).
  ///
  /// Of a trained parameter, the new value takes the old one's place in the step: the gradient is that
  /// with respect to it, and the optimizer goes on from it.
  public func update(_ name: String, to value: Tensor) { updates.append((name, value)) }

  /// Adds a scalar to the loss.
  public func addPenalty(_ penalty: Tensor) { penalties.append(penalty) }

  /// Numbers drawn anew for every step from a stream named after the layer and its use.
  public func random(_ distribution: RandomDraw.Distribution, shape: Shape) -> Tensor {
    defer { draws += 1 }
    let layer = use == 0 ? path : "\(path)@\(use)"
    let stream = draws == 0 ? layer : "\(layer)#\(draws)"
    return graph.input(
      TensorType(shape), .random(RandomDraw(stream: stream, distribution: distribution)))
  }

  /// A setting that `resolve(under:)` has filled in; an error of the trace if it has not.
  public func resolved(_ setting: Float?, _ name: String) -> Float {
    resolved(setting, name, else: .nan)
  }

  /// A setting that `resolve(under:)` has filled in; an error of the trace if it has not.
  public func resolved<Value>(_ setting: Value?, _ name: String, else fallback: Value) -> Value {
    if let setting { return setting }
    graph.record(
      OperationError(
        operation: name, reason: "a value filled in when the model is built", found: "none"))
    return fallback
  }
}
