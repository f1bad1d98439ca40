import StrataCore
import StrataTensor

/// Runs a trace's optimizer: by the ordinary engine, and in Float64 by the reference executor.
struct OptimizerReplay {
  /// The state after a step.
  struct State<Value> {
    var parameters: [Value]
    var slots: [[String: Value]]
    var globals: [String: Value]
  }

  private let trace: OptimizerTrace
  /// The slots of each parameter.
  private let slots: [[SlotSpec]]
  private let globalNames: [String]

  init(_ trace: OptimizerTrace) throws {
    self.trace = trace
    slots = trace.initial.map { trace.optimizer.slots(for: $0.shape) }
    globalNames = trace.optimizer.globals.map(\.name)
  }

  /// Rate and step, globals, then for each parameter value, gradient, slots.
  private var argumentTypes: [TensorType] {
    let scalars = [TensorType](repeating: TensorType([]), count: 2 + globalNames.count)
    return scalars
      + zip(trace.initial, slots).flatMap { parameter, slots in
        [parameter.type, parameter.type]
          + slots.map { TensorType($0.shape ?? parameter.shape) }
      }
  }

  /// Traces one step: new globals, then for each parameter value and slots.
  private func body(_ arguments: [Tensor]) -> [Tensor] {
    var rest = arguments[...]
    let (rate, step) = (rest.removeFirst(), rest.removeFirst())
    let globals = Dictionary(uniqueKeysWithValues: globalNames.map { ($0, rest.removeFirst()) })
    let parameters = trace.initial.indices.map { index in
      OptimizerInput.Parameter(
        value: rest.removeFirst(), gradient: rest.removeFirst(),
        constraint: trace.constraints[index],
        slots: Dictionary(
          uniqueKeysWithValues: slots[index].map { ($0.name, rest.removeFirst()) }),
        isDecayed: trace.isDecayed[index])
    }
    let output = trace.optimizer.step(
      OptimizerInput(parameters: parameters, globals: globals, learningRate: rate, step: step))
    return globalNames.map { output.globals[$0] ?? Tensor(.nan) }
      + zip(output.parameters, slots).flatMap { update, slots in
        [update.parameter] + slots.map { update.slots[$0.name] ?? Tensor(.nan) }
      }
  }

  private func run<Value>(
    _ convert: (Tensor) throws -> Value, _ step: ([Value]) throws -> [Value]
  ) throws -> [State<Value>] {
    var globals = try trace.optimizer.globals.map { try convert(Tensor($0.initialValue)) }
    var state = try zip(trace.initial, slots).map { parameter, slots in
      [try convert(parameter)] + (try slots.map { try convert($0.initial(for: parameter)) })
    }
    return try trace.gradients.enumerated().map { index, gradients in
      let scalars = [Tensor(trace.rates[index]), Tensor(Float(index + 1))]
      let arguments =
        try scalars.map(convert) + globals
        + zip(state, gradients).flatMap { values, gradient in
          [values[0], try convert(gradient)] + values.dropFirst()
        }
      var results = try step(arguments)[...]
      globals = globals.map { _ in results.removeFirst() }
      state = state.map { $0.map { _ in results.removeFirst() } }
      return State(
        parameters: state.map { $0[0] },
        slots: zip(state, slots).map { values, slots in
          Dictionary(uniqueKeysWithValues: zip(slots.map(\.name), values.dropFirst()))
        },
        globals: Dictionary(uniqueKeysWithValues: zip(globalNames, globals)))
    }
  }

  /// The states after each step, by the ordinary engine.
  func native() throws -> [State<[Float]>] {
    let function = try Function(argumentTypes) { body($0) }
    let states = try run({ $0 }, { try function.call($0) })
    return try states.map { state in
      State(
        parameters: try state.parameters.map { try $0.floats() },
        slots: try state.slots.map { try $0.mapValues { try $0.floats() } },
        globals: try state.globals.mapValues { try $0.floats() })
    }
  }

  /// The states after each step in Float64: the same operations without Float32's rounding, from the
  /// same Float32 constants.
  func shadow() -> [State<[Double]>] {
    let graph = Graph()
    let inputs = argumentTypes.enumerated().map { graph.input($1, .argument("\($0)")) }
    let outputs = body(inputs).map(graph.node(for:))
    let nodes = inputs.map(graph.node(for:))
    let executor = ReferenceExecutor<Double>()
    let states = try? run({ tensor in
      let values = try tensor.floats().map(Double.init)
      return ReferenceBuffer<Double>(tensor.shape, .real(values))
    }) { arguments in
      executor.run(
        graph, inputs: Dictionary(uniqueKeysWithValues: zip(nodes, arguments)), outputs: outputs)
    }
    return (states ?? []).map { state in
      State(
        parameters: state.parameters.map(\.reals),
        slots: state.slots.map { $0.mapValues(\.reals) },
        globals: state.globals.mapValues(\.reals))
    }
  }
}
