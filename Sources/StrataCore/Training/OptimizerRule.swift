public import StrataSemantics
public import StrataTensor

/// An optimizer: how a parameter follows from its gradient, a rule on values that knows no model.
///
/// Clipping, decay and constraints are composed around it.
public protocol OptimizerRule: Sendable, Codable, Equatable {
  /// The lower-case name in registries, for example `adam`.
  static var name: String { get }
  /// The class name in files, for example `Adam`.
  static var className: String { get }

  /// Whether the number of steps is counted, by release.
  static var stepCounting: History<StepCounting> { get }

  /// The settings and formulas that changed between releases.
  static var histories: [any AnyHistory] { get }

  /// The update in the form that the rule has, a line for each assignment, in the letters of its
  /// documentation; once it is resolved, that of the release.
  var equation: [String] { get }

  /// nil: the release's own.
  var learningRate: Float? { get set }

  /// Fills in what the user left to the release. Called once, at `compile`.
  ///
  /// - Throws: `HyperparameterError` for a value that the rule cannot use.
  mutating func resolve(under semantics: Semantics) throws(HyperparameterError)

  /// The decay of the weights that goes with the rule if none is chosen, once it is resolved.
  var defaultWeightDecay: Float? { get }

  /// The state kept for each parameter, in the order of files.
  var slots: [SlotSpec] { get }
  /// The state kept for a parameter of a shape, where that depends on it.
  func slots(for shape: Shape) -> [SlotSpec]
  /// The decay of the weights for a parameter of a shape, given the chosen one.
  func weightDecay(_ chosen: Float?, for shape: Shape) -> Float?
  /// The state kept once, scalars such as Nadam's schedule, in the order of files.
  var globals: [SlotSpec] { get }

  /// One step; all right-hand sides are old values.
  func update(_ parameter: Tensor, gradient: Tensor, _ state: OptimizerState) -> ParameterUpdate
  /// What legacy optimizers of tf.keras leave as it is in the rows of an embedding without a use.
  var unusedRows: UnusedRows { get }
  /// New values of the globals.
  func updateGlobals(_ state: OptimizerState) -> [String: Tensor]
}

extension OptimizerRule {
  public static var histories: [any AnyHistory] { [] }
  public static var stepCounting: History<StepCounting> {
    History("optimizer.stepCounting", .optimizer, .file, initially: .always)
  }
  public var equation: [String] { [] }
  public var defaultWeightDecay: Float? { nil }
  public func slots(for shape: Shape) -> [SlotSpec] { slots }
  public func weightDecay(_ chosen: Float?, for shape: Shape) -> Float? { chosen }
  public var globals: [SlotSpec] { [] }
  public func updateGlobals(_ state: OptimizerState) -> [String: Tensor] { [:] }
  public var unusedRows: UnusedRows { .change }
}

/// A piece of state of a rule.
public struct SlotSpec: Sendable, Hashable {
  public var name: String
  public var initialValue: Float
  /// The shape; nil for the parameter's own.
  public var shape: Shape?
  /// Whether the slot starts as a copy of the parameter instead of from `initialValue`.
  public var startsAsParameter: Bool
  public init(
    _ name: String, initialValue: Float = 0, shape: Shape? = nil, startsAsParameter: Bool = false
  ) {
    self.name = name
    self.initialValue = initialValue
    self.shape = shape
    self.startsAsParameter = startsAsParameter
  }

  /// The slot's first value for a parameter.
  public func initial(for parameter: Tensor) -> Tensor {
    startsAsParameter ? parameter : .full(shape ?? parameter.shape, initialValue)
  }
}

/// What a rule reads in one step.
public struct OptimizerState {
  /// The number of this step, from 1: a scalar.
  public var step: Tensor
  /// The learning rate in force, after schedule and decay: a scalar.
  public var learningRate: Tensor
  /// The squares of the gradient where they are not those of its values.
  package var squares: Tensor?
  /// The momentum that a schedule asks for in the place of the rule's: a scalar.
  public var momentum: Tensor?
  /// The parameter's slots by name.
  public var slots: [String: Tensor]
  public var globals: [String: Tensor]
  /// The place of the parameter among the trained ones, from 0, and how many there are.
  public var position = 0
  public var count = 1

  public init(
    step: Tensor, learningRate: Tensor, slots: [String: Tensor] = [:],
    globals: [String: Tensor] = [:]
  ) {
    self.step = step
    self.learningRate = learningRate
    self.slots = slots
    self.globals = globals
  }

  /// The squares of the gradient `g`, as the release takes them.
  public func squares(of g: Tensor) -> Tensor { squares ?? g.square() }

  /// The squares of the gradient use by use, where they are not those of its values.
  public var squaresOfUses: Tensor? { squares }

  /// A slot or global; a failed tensor if the rule did not declare it.
  public subscript(_ name: String) -> Tensor {
    slots[name] ?? globals[name]
      ?? Tensor.failed(
        OperationError(operation: "optimizer", reason: "a declared slot", found: "\"\(name)\""))
  }
}

/// The new values of a parameter and its slots.
public struct ParameterUpdate {
  public var parameter: Tensor
  public var slots: [String: Tensor]
  public init(_ parameter: Tensor, slots: [String: Tensor] = [:]) {
    self.parameter = parameter
    self.slots = slots
  }
}

/// A setting with a value that its owner cannot use.
public struct HyperparameterError: Error, Hashable, CustomStringConvertible {
  public var owner: String
  public var setting: String
  public var expected: String
  public var found: String
  public init(owner: String, setting: String, expected: String, found: String) {
    self.owner = owner
    self.setting = setting
    self.expected = expected
    self.found = found
  }
  public var description: String { "\(owner): \(setting) must be \(expected), but got \(found)." }
}
