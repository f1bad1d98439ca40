public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Adagrad: the gradient divided by the root of the sum of all its squares.
///
///     a ← a + g²
///     θ ← θ − η·g / √(a + ε)       ε inside the root, or outside: η·g / (√a + ε)
///
/// Source: Duchi et al. 2011; Keras since 0.1.0. The sum starts from `initialAccumulator`.
public struct Adagrad: OptimizerRule, Configurable {
  public static let name = "adagrad"
  public static let className = "Adagrad"

  public var learningRate: Float?
  public var initialAccumulator: Double?
  public var epsilon: Double?
  public var epsilonPlace: EpsilonPlace?

  public init(
    learningRate: Float? = nil, initialAccumulator: Double? = nil, epsilon: Double? = nil
  ) {
    self.learningRate = learningRate
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
  }

  public static let learningRateHistory = History<Float>(
    "adagrad.learningRate", .optimizer, .trajectory, initially: 0.01
  )
  .since("2.4.0", 0.001, "adagrad-lr-and-accumulator", "learning rate 0.01 -> 0.001")
  public static let initialAccumulatorHistory = History(
    "adagrad.initialAccumulator", .optimizer, .trajectory, initially: 0.0
  )
  .since("2.4.0", 0.1, "adagrad-lr-and-accumulator", "the accumulator starts from 0.1")
  public static let epsilonHistory = SharedHistory.epsilon("adagrad", initially: 1e-6)
  public static let epsilonPlaceHistory = EpsilonPlace.history("adagrad").since(
    "2.11.0", .insideRoot, "rmsprop-adagrad-epsilon-inside-sqrt", "epsilon inside the root again")
  public static let stepCounting = SharedHistory.stepCounting(initially: .never)

  public static var histories: [any AnyHistory] {
    [
      learningRateHistory, initialAccumulatorHistory, epsilonHistory, epsilonPlaceHistory,
      stepCounting,
    ]
  }

  public static var settings: [Setting<Adagrad>] {
    [
      .number("initial_accumulator_value", \.initialAccumulator), .number("epsilon", \.epsilon),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try checkNotNegative("initialAccumulator", initialAccumulator)
    try checkNotNegative("epsilon", epsilon)
    learningRate.resolve(Self.learningRateHistory, semantics)
    initialAccumulator.resolve(Self.initialAccumulatorHistory, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    epsilonPlace.resolve(Self.epsilonPlaceHistory, semantics)
  }

  public var slots: [SlotSpec] {
    [SlotSpec("accumulator", initialValue: Float(initialAccumulator ?? 0))]
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let a = state["accumulator"] + state.squares(of: g)
    let root = (epsilonPlace ?? .outsideRoot).root(a, epsilon.resolved)
    return ParameterUpdate(theta - state.learningRate * g / root, slots: ["accumulator": a])
  }
}

extension Adagrad {
  public var equation: [String] {
    let root = epsilonPlace == .insideRoot ? "√(a + ε)" : "(√a + ε)"
    return ["a ← a + g²", "θ ← θ − η·g / \(root)"]
  }
}
