public import StrataCore
public import StrataSemantics
public import StrataTensor

/// RMSprop: the gradient divided by a running root mean square.
///
///     a ← ρ·a + (1−ρ)·g²
///     θ ← θ − η·g / √(a + ε)       ε inside the root, or outside: η·g / (√a + ε)
///
/// `centered` subtracts the square of the running mean gradient b from a (`b ← ρ·b + (1−ρ)·g`); with
/// `momentum` the step goes through `v ← μ·v + step`, `θ ← θ − v`. Both since Keras 2.4.0.
///
/// Source: Tieleman & Hinton 2012, lecture 6.5; Keras since 0.1.0.
public struct RMSprop: OptimizerRule, Configurable {
  public static let name = "rmsprop"
  public static let className = "RMSprop"

  public var learningRate: Float?
  public var rho: Double?
  public var momentum: Double
  public var epsilon: Double?
  public var centered: Bool
  public var epsilonPlace: EpsilonPlace?
  public var complement: ComplementPrecision?

  public init(
    learningRate: Float? = nil, rho: Double? = nil, momentum: Double = 0,
    epsilon: Double? = nil, centered: Bool = false
  ) {
    self.learningRate = learningRate
    self.rho = rho
    self.momentum = momentum
    self.epsilon = epsilon
    self.centered = centered
  }

  public static let learningRateHistory = History<Float>(
    "rmsprop.learningRate", .optimizer, .trajectory, initially: 0.001)
  public static let rhoHistory = History("rmsprop.rho", .optimizer, .trajectory, initially: 0.9)
  public static let epsilonHistory = SharedHistory.epsilon("rmsprop", initially: 1e-6)
  public static let epsilonPlaceHistory = EpsilonPlace.history("rmsprop")
    .since(
      "2.4.0", .outsideRootUnlessMomentum, "rmsprop-momentum-centered",
      "momentum and centered; with momentum, epsilon stands inside the root"
    )
    .since(
      "2.11.0", .insideRoot, "rmsprop-adagrad-epsilon-inside-sqrt", "epsilon inside the root again")
  public static let complementHistory = SharedHistory.complement("rmsprop")
  public static let stepCounting = SharedHistory.stepCounting(initially: .never)

  public static var histories: [any AnyHistory] {
    [
      learningRateHistory, rhoHistory, epsilonHistory, epsilonPlaceHistory, complementHistory,
      stepCounting,
    ]
  }

  public static var settings: [Setting<RMSprop>] {
    [
      .number("rho", \.rho), .number("momentum", \.momentum), .number("epsilon", \.epsilon),
      .flag("centered", \.centered),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("rho", rho, in: 0...1)
    try check("momentum", momentum, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    learningRate.resolve(Self.learningRateHistory, semantics)
    rho.resolve(Self.rhoHistory, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    epsilonPlace.resolve(Self.epsilonPlaceHistory, semantics)
    complement.resolve(Self.complementHistory, semantics)
  }

  public var slots: [SlotSpec] {
    [SlotSpec("rms")] + (momentum > 0 ? [SlotSpec("momentum")] : [])
      + (centered ? [SlotSpec("mean_gradient")] : [])
  }

  public var unusedRows: UnusedRows { momentum > 0 ? .keep : .change }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let precision = complement ?? .single
    let a = AverageForm.weighted.average(state["rms"], state.squares(of: g), rho.exact, precision)
    var slots = ["rms": a]
    var square = a
    if centered {
      let b = AverageForm.weighted.average(state["mean_gradient"], g, rho.exact, precision)
      slots["mean_gradient"] = b
      square = a - b.square()
    }
    let place = epsilonPlace ?? .outsideRoot
    let denominator = place.root(square, epsilon.resolved, hasMomentum: momentum > 0)
    let step = state.learningRate * g / denominator
    guard momentum > 0 else { return ParameterUpdate(theta - step, slots: slots) }
    let v = Float(momentum) * state["momentum"] + step
    slots["momentum"] = v
    return ParameterUpdate(theta - v, slots: slots)
  }
}

/// Where ε stands in the denominator.
public enum EpsilonPlace: String, Sendable, Hashable, Codable {
  /// `√(a + ε)`.
  case insideRoot
  /// `√a + ε`.
  case outsideRoot
  /// Outside, but inside for a rule with momentum.
  case outsideRootUnlessMomentum

  func root(_ square: Tensor, _ epsilon: Float, hasMomentum: Bool = false) -> Tensor {
    let isInside = self == .insideRoot || self == .outsideRootUnlessMomentum && hasMomentum
    return isInside ? (square + epsilon).squareRoot() : square.squareRoot() + epsilon
  }

  static func history(_ owner: String) -> History<EpsilonPlace> {
    History("\(owner).epsilonPlace", .optimizer, .trajectory, initially: EpsilonPlace.insideRoot)
      .since(
        "1.0.3", .outsideRoot, "rmsprop-adagrad-epsilon-outside-sqrt",
        "epsilon outside the root: the denominator's floor falls from 1e-3 to 1e-8")
  }
}

extension RMSprop {
  public var equation: [String] {
    let isInside =
      epsilonPlace == .insideRoot || epsilonPlace == .outsideRootUnlessMomentum && momentum > 0
    let square = centered ? "a − b²" : "a"
    let root = isInside ? "√(\(square) + ε)" : "(√\(centered ? "(a − b²)" : "a") + ε)"
    let step = "η·g / \(root)"
    return ["a ← ρ·a + (1−ρ)·g²"] + (centered ? ["b ← ρ·b + (1−ρ)·g"] : [])
      + (momentum > 0 ? ["v ← μ·v + \(step)", "θ ← θ − v"] : ["θ ← θ − \(step)"])
  }
}
