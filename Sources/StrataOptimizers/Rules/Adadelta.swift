public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Adadelta: steps scaled by the ratio of the root mean squares of past steps and gradients.
///
///     a ← ρ·a + (1−ρ)·g²
///     u = g·√(d + ε) / √(a + ε)
///     θ ← θ − η·u
///     d ← ρ·d + (1−ρ)·u²
///
/// Source: Zeiler 2012, algorithm 1 (arXiv:1212.5701), there with η = 1; Keras since 0.1.0.
public struct Adadelta: OptimizerRule, Configurable {
  public static let name = "adadelta"
  public static let className = "Adadelta"

  public var learningRate: Float?
  public var rho: Double?
  public var epsilon: Double?
  public var complement: ComplementPrecision?

  public init(learningRate: Float? = nil, rho: Double? = nil, epsilon: Double? = nil) {
    self.learningRate = learningRate
    self.rho = rho
    self.epsilon = epsilon
  }

  public static let learningRateHistory = History<Float>(
    "adadelta.learningRate", .optimizer, .trajectory, initially: 1
  )
  .since("2.4.0", 0.001, "adadelta-lr", "learning rate 1.0 -> 0.001")
  public static let rhoHistory = History("adadelta.rho", .optimizer, .trajectory, initially: 0.95)
  public static let epsilonHistory = SharedHistory.epsilon("adadelta", initially: 1e-6)
  /// Unlike the other rules', Adadelta's constants were Python floats from the beginning.
  public static let complementHistory = History(
    "adadelta.complement", .optimizer, .trajectory, initially: ComplementPrecision.double
  )
  .since("2.4.0", .single, "adadelta-rho-variable", "rho is a Float32 value: 1 - rho is rounded")
  .since("2.11.0", .double, "adam-accumulator-rounding", "constants are Python floats")
  public static let stepCounting = SharedHistory.stepCounting(initially: .never)

  public static var histories: [any AnyHistory] {
    [learningRateHistory, rhoHistory, epsilonHistory, complementHistory, stepCounting]
  }

  public static var settings: [Setting<Adadelta>] {
    [
      .number("rho", \.rho), .number("epsilon", \.epsilon),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("rho", rho, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    learningRate.resolve(Self.learningRateHistory, semantics)
    rho.resolve(Self.rhoHistory, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    complement.resolve(Self.complementHistory, semantics)
  }

  public var slots: [SlotSpec] { [SlotSpec("a"), SlotSpec("d")] }

  public var unusedRows: UnusedRows { .keep }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let precision = complement ?? .double
    let (old, epsilon) = (state["d"], epsilon.resolved)
    let a = AverageForm.weighted.average(state["a"], state.squares(of: g), rho.exact, precision)
    let (rise, fall) = ((old + epsilon).squareRoot(), (a + epsilon).squareRoot())
    let u = g * rise / fall
    // Of a gradient whose squares are those of its uses, the square of u is too.
    let square = state.squaresOfUses.map { $0 * (rise / fall).square() } ?? u.square()
    let d = AverageForm.weighted.average(old, square, rho.exact, precision)
    return ParameterUpdate(theta - state.learningRate * u, slots: ["a": a, "d": d])
  }
}

extension Adadelta {
  public var equation: [String] {
    [
      "a ← ρ·a + (1−ρ)·g²",
      "u = g·√(d + ε) / √(a + ε)",
      "θ ← θ − η·u",
      "d ← ρ·d + (1−ρ)·u²",
    ]
  }
}
