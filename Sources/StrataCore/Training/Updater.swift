public import StrataSemantics
public import StrataTensor

/// An optimizer at work on tensors of one's own, for training loops without a model.
///
///     let loss = try Function(gradientOf: f, arguments: [w.type, x.type], variables: [0])
///     let updater = try Updater(Adam(), parameters: [w])
///     for x in batches {
///       let results = try loss.call(updater.parameters + [x])
///       try updater.step([results[1]])
///     }
///
/// A step is compiled once and changes parameters and slots in place. Averages of the weights
/// replace them only where they have an overwrite frequency. Belongs to one task at a time.
public final class Updater {
  /// The optimizer with everything that was left to the release.
  public let optimizer: Optimizer
  /// The number of steps taken.
  public private(set) var iterations = 0
  /// The rate in force, before decay.
  public var learningRate: Float

  private let types: [TensorType]
  private let session: Session
  /// The parameters, then whatever the optimizer keeps.
  private let state: [Storage]
  private let gradientInputs: [Int?]
  private let scalars = (rate: Storage(byteCount: 4), step: Storage(byteCount: 4))

  /// Compiles the step; `parameters` are copied.
  ///
  /// - Throws: `HyperparameterError`, or `OperationError` if a parameter is not at hand.
  public init(
    _ optimizer: Optimizer, parameters: [Tensor], semantics: Semantics = .strata
  ) throws {
    var optimizer = optimizer
    try optimizer.resolve(under: semantics)
    self.optimizer = optimizer
    learningRate = optimizer.rule.learningRate ?? 0
    types = parameters.map(\.type)
    let trace = StepOfUpdater(optimizer, parameters)
    session = Session(try Plan(trace.graph, outputs: [], updates: trace.updates))
    state = try trace.initialValues.map { Storage(try $0.floats()) }
    var gradients = [Int?](repeating: nil, count: parameters.count)
    for (index, input) in session.plan.inputs.enumerated() {
      switch input.role {
      case .state(let number): session.bind(index, to: state[Int(number) ?? 0])
      case .argument("rate"): session.bind(index, to: scalars.rate)
      case .argument("step"): session.bind(index, to: scalars.step)
      case .argument(let number): gradients[Int(number) ?? 0] = index
      case .random: break
      }
    }
    gradientInputs = gradients
  }

  /// Compiles the step of a rule with nothing around it.
  ///
  /// - Throws: as for an optimizer.
  public convenience init(
    _ rule: some OptimizerRule, parameters: [Tensor], semantics: Semantics = .strata
  ) throws {
    try self.init(Optimizer(rule), parameters: parameters, semantics: semantics)
  }

  /// The parameters as they are now.
  public var parameters: [Tensor] {
    zip(types, state).map {
      Tensor($1.array(of: Float.self, count: $0.shape.count), shape: $0.shape)
    }
  }

  /// Takes one step by the gradients of all parameters.
  ///
  /// - Throws: `OperationError` if the gradients do not have the types of the parameters.
  public func step(_ gradients: [Tensor]) throws {
    guard gradients.map(\.type) == types else {
      throw OperationError(
        operation: "step", reason: "gradients \(types)", found: "\(gradients.map(\.type))")
    }
    for (gradient, input) in zip(gradients, gradientInputs) {
      if let input { session.bind(input, to: try gradient.storage(of: .float32)) }
    }
    scalars.rate.base.storeBytes(of: learningRate, as: Float.self)
    scalars.step.base.storeBytes(of: Float(iterations + 1), as: Float.self)
    session.run()
    iterations += 1
  }
}

/// The trace of an updater's step: states are numbered, gradients too.
private struct StepOfUpdater {
  let graph = Graph()
  /// Parameters, then slots and globals in the order of their numbers.
  private(set) var initialValues: [Tensor]
  private(set) var updates: [Plan.Update] = []
  private var states: [Tensor] = []

  init(_ optimizer: Optimizer, _ parameters: [Tensor]) {
    initialValues = []
    let values = parameters.map { addState($0) }
    let slots = parameters.map { parameter in
      addSlots(optimizer.slots(for: parameter.shape), of: parameter)
    }
    let globals = addSlots(optimizer.globals, of: 0)
    let graph = graph
    let inputs = parameters.indices.map { index in
      OptimizerInput.Parameter(
        value: values[index],
        gradient: graph.input(parameters[index].type, .argument("\(index)")),
        slots: slots[index].mapValues { states[$0] })
    }
    let output = optimizer.step(
      OptimizerInput(
        parameters: inputs, globals: globals.mapValues { states[$0] },
        learningRate: graph.input(TensorType([]), .argument("rate")),
        step: graph.input(TensorType([]), .argument("step"))))
    for (index, update) in output.parameters.enumerated() {
      addUpdate(index, update.parameter)
      for (name, value) in update.slots { addUpdate(slots[index][name], value) }
    }
    for (name, value) in output.globals { addUpdate(globals[name], value) }
  }

  private mutating func addState(_ value: Tensor) -> Tensor {
    states.append(graph.input(value.type, .state("\(states.count)")))
    initialValues.append(value)
    return states[states.count - 1]
  }

  /// The numbers of the slots by their names.
  private mutating func addSlots(_ specs: [SlotSpec], of parameter: Tensor) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for spec in specs {
      numbers[spec.name] = states.count
      _ = addState(spec.initial(for: parameter))
    }
    return numbers
  }

  private mutating func addUpdate(_ number: Int?, _ value: Tensor) {
    guard let number else { return }
    updates.append(
      Plan.Update(state: graph.node(for: states[number]), value: graph.node(for: value)))
  }
}
