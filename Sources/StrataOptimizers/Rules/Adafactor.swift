public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Adafactor: the second moment of a matrix kept as one row and one column of means.
///
///     ρ = min(η, 1/√t),  α = max(ε₂, rms(θ))·ρ,  b = 1 − t^d              d = beta2Decay
///     r ← b·r + (1−b)·mean over columns of (g² + ε₁);  c likewise over rows
///     v = r/mean(r) · c                    (of a vector: v ← b·v + (1−b)·(g² + ε₁))
///     u = g/√v,  θ ← θ − α·u / max(1, rms(u)/clipThreshold)
///
///     θ [..., n, k]    r [..., n]    c [..., k]    v as θ
///
/// Source: Shazeer & Stern 2018, algorithms 4 and 5 (arXiv:1804.04235); tf.keras since 2.11. ρ takes
/// the smaller of η and 1/√t with and without `relativeStep`.
public struct Adafactor: OptimizerRule, Configurable {
  public static let name = "adafactor"
  public static let className = "Adafactor"

  public var learningRate: Float?
  public var beta2Decay: Double
  public var epsilon1: Double
  public var epsilon2: Double
  public var clipThreshold: Double
  public var relativeStep: Bool

  public init(
    learningRate: Float? = nil, beta2Decay: Double = -0.8, epsilon1: Double = 1e-30,
    epsilon2: Double = 1e-3, clipThreshold: Double = 1, relativeStep: Bool = true
  ) {
    self.learningRate = learningRate
    self.beta2Decay = beta2Decay
    self.epsilon1 = epsilon1
    self.epsilon2 = epsilon2
    self.clipThreshold = clipThreshold
    self.relativeStep = relativeStep
  }

  public static let learningRateHistory = History<Float>(
    "adafactor.learningRate", .optimizer, .trajectory, initially: 0.001)

  public static var histories: [any AnyHistory] { [learningRateHistory] }

  public static var settings: [Setting<Adafactor>] {
    [
      .number("beta_2_decay", \.beta2Decay), .number("epsilon_1", \.epsilon1),
      .number("epsilon_2", \.epsilon2), .number("clip_threshold", \.clipThreshold),
      .flag("relative_step", \.relativeStep),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try checkNotNegative("epsilon1", epsilon1)
    try checkNotNegative("epsilon2", epsilon2)
    if !(clipThreshold > 0) {
      throw error("clipThreshold", "above 0", "\(clipThreshold)")
    }
    learningRate.resolve(Self.learningRateHistory, semantics)
  }

  public var slots: [SlotSpec] { [SlotSpec("r"), SlotSpec("c"), SlotSpec("v")] }

  public func slots(for shape: Shape) -> [SlotSpec] {
    guard shape.rank >= 2 else { return [SlotSpec("v")] }
    let sizes = shape.dimensions
    return [
      SlotSpec("r", shape: Shape(Array(sizes.dropLast()))),
      SlotSpec("c", shape: Shape(sizes.dropLast(2) + [shape.last])), SlotSpec("v"),
    ]
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let rho = Tensor.minimum(state.learningRate, 1 / state.step.squareRoot())
    let alpha = Tensor.maximum(Tensor(Float(epsilon2)), theta.rootMeanSquare) * rho
    let slots = moments(g, state)
    let u = g / (slots["v"] ?? 1).squareRoot()
    let limited = u / Tensor.maximum(1, u.rootMeanSquare / Float(clipThreshold))
    return ParameterUpdate(theta - alpha * limited, slots: slots)
  }

  private func moments(_ g: Tensor, _ state: OptimizerState) -> [String: Tensor] {
    let square = g.square() + Float(epsilon1)
    let b = 1 - state.step.power(Tensor(Float(beta2Decay)))
    guard g.rank >= 2 else { return ["v": b * state["v"] + (1 - b) * square] }
    let r = b * state["r"] + (1 - b) * square.mean(axes: [-1])
    let c = b * state["c"] + (1 - b) * square.mean(axes: [-2])
    let rows = r / r.mean(axes: [-1], keepingDimensions: true)
    let rowShape = Shape(r.shape.dimensions + [1])
    let columnShape = Shape(c.shape.dimensions.dropLast() + [1, c.shape.last])
    return ["r": r, "c": c, "v": rows.reshaped(rowShape) * c.reshaped(columnShape)]
  }
}

extension Adafactor {
  public var equation: [String] {
    [
      "ρ = min(η, 1/√t),  α = max(ε₂, rms(θ))·ρ,  b = 1 − t^d              d = beta2Decay",
      "r ← b·r + (1−b)·mean over columns of (g² + ε₁);  c likewise over rows",
      "v = r/mean(r) · c                    (of a vector: v ← b·v + (1−b)·(g² + ε₁))",
      "u = g/√v,  θ ← θ − α·u / max(1, rms(u)/clipThreshold)",
    ]
  }
}
