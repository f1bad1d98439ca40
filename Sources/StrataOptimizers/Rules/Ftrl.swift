public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Ftrl: follow the (proximally) regularised leader, which sets weights to exactly 0 under l1.
///
///     n ← n + g²,   σ = (n^−p − n_old^−p) / η           p = learningRatePower
///     z ← z + g + 2·l2shrinkage·θ − σ·θ
///     θ ← (clip(z, −l1, l1) − z) / (n^−p/η + 2·(l2 + β/(2η)))
///
/// Source: McMahan et al. 2013, algorithm 1; tf.keras since 2.4.0. n starts from
/// `initialAccumulator`.
public struct Ftrl: OptimizerRule, Configurable {
  public static let name = "ftrl"
  public static let className = "Ftrl"

  public var learningRate: Float?
  public var learningRatePower: Double
  public var initialAccumulator: Double
  public var l1: Double
  public var l2: Double
  public var l2Shrinkage: Double
  public var beta: Double

  public init(
    learningRate: Float? = nil, learningRatePower: Double = -0.5,
    initialAccumulator: Double = 0.1, l1: Double = 0, l2: Double = 0, l2Shrinkage: Double = 0,
    beta: Double = 0
  ) {
    self.learningRate = learningRate
    self.learningRatePower = learningRatePower
    self.initialAccumulator = initialAccumulator
    self.l1 = l1
    self.l2 = l2
    self.l2Shrinkage = l2Shrinkage
    self.beta = beta
  }

  public static let learningRateHistory = History<Float>(
    "ftrl.learningRate", .optimizer, .trajectory, initially: 0.001)

  public static var histories: [any AnyHistory] { [learningRateHistory] }

  public static var settings: [Setting<Ftrl>] {
    [
      .number("learning_rate_power", \.learningRatePower),
      .number("initial_accumulator_value", \.initialAccumulator),
      .number("l1_regularization_strength", \.l1), .number("l2_regularization_strength", \.l2),
      .number("l2_shrinkage_regularization_strength", \.l2Shrinkage), .number("beta", \.beta),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    if !(learningRatePower <= 0) {
      throw error("learningRatePower", "at most 0", "\(learningRatePower)")
    }
    try checkNotNegative("initialAccumulator", initialAccumulator)
    try checkNotNegative("l1", l1)
    try checkNotNegative("l2", l2)
    try checkNotNegative("l2Shrinkage", l2Shrinkage)
    learningRate.resolve(Self.learningRateHistory, semantics)
  }

  public var slots: [SlotSpec] {
    [SlotSpec("accumulator", initialValue: Float(initialAccumulator)), SlotSpec("linear")]
  }

  private func powered(_ n: Tensor) -> Tensor {
    learningRatePower == -0.5 ? n.squareRoot() : n.power(Tensor(Float(-learningRatePower)))
  }

  public var unusedRows: UnusedRows { .keep }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let rate = state.learningRate
    let n = state["accumulator"] + state.squares(of: g)
    let sigma = (powered(n) - powered(state["accumulator"])) / rate
    let shrunk = l2Shrinkage == 0 ? g : g + Float(2 * l2Shrinkage) * theta
    let z = state["linear"] + (shrunk - sigma * theta)
    let penalty = Float(l2) + Float(beta) / (2 * rate)
    let quadratic = powered(n) / rate + 2 * penalty
    let limit = Float(l1)
    let limited = Tensor.minimum(.maximum(z, Tensor(-limit)), Tensor(limit))
    return ParameterUpdate((limited - z) / quadratic, slots: ["accumulator": n, "linear": z])
  }
}

extension Ftrl {
  public var equation: [String] {
    [
      "n ← n + g²,   σ = (n^−p − n_old^−p) / η           p = learningRatePower",
      "z ← z + g + 2·l2shrinkage·θ − σ·θ",
      "θ ← (clip(z, −l1, l1) − z) / (n^−p/η + 2·(l2 + β/(2η)))",
    ]
  }
}
