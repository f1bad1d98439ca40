public import StrataCore
public import StrataSemantics
public import StrataTensor

/// torch's Adafactor: the second moment of a matrix kept as one row and one column of means.
///
///     ρ = min(η, 1/√t),  α = max(ε₂, rms(θ))·ρ,  b = t^d              d = beta2Decay
///     θ ← θ·(1 − η·λ)
///     r ← r + b·(mean over columns of g² − r);  c likewise over rows;  v = r·c / max(mean r, ε₁)
///     (of a vector: v ← v + b·(g² − v))
///     u = g/√max(v, ε₁²),  θ ← θ − α·u / max(1, rms(u)/clipThreshold)
///
///     θ [..., n, k]    r [..., n, 1]    c [..., 1, k]
///
/// Source: torch.optim.Adafactor; Shazeer & Stern 2018 (arXiv:1804.04235). ε₁ is Float32's epsilon
/// unless it is chosen; −g for g with `maximize`.
public struct TorchAdafactor: OptimizerRule, Configurable {
  public static let name = "adafactor"
  public static let className = "Adafactor"

  public var learningRate: Float?
  public var beta2Decay: Double
  public var epsilon1: Double
  public var epsilon2: Double
  public var clipThreshold: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Float? = nil, beta2Decay: Double = -0.8,
    epsilon1: Double = 1.1920928955078125e-7, epsilon2: Double = 1e-3, clipThreshold: Double = 1,
    weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta2Decay = beta2Decay
    self.epsilon1 = epsilon1
    self.epsilon2 = epsilon2
    self.clipThreshold = clipThreshold
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public static var settings: [Setting<TorchAdafactor>] {
    [
      .number("beta2_decay", \.beta2Decay), .number("eps_1", \.epsilon1),
      .number("eps_2", \.epsilon2), .number("d", \.clipThreshold),
      .number("weight_decay", \.weightDecay), .flag("maximize", \.maximize),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkTorch(semantics)
    try checkRate()
    try checkNotNegative("epsilon1", epsilon1)
    try checkNotNegative("epsilon2", epsilon2)
    try checkNotNegative("weightDecay", weightDecay)
    learningRate = learningRate ?? 0.01
  }

  public var slots: [SlotSpec] { [SlotSpec("row_var"), SlotSpec("col_var")] }
  public func slots(for shape: Shape) -> [SlotSpec] {
    guard shape.rank >= 2 else { return [SlotSpec("variance")] }
    var (row, column) = (shape, shape)
    row[-1] = 1
    column[-2] = 1
    return [SlotSpec("row_var", shape: row), SlotSpec("col_var", shape: column)]
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let (rate, t) = (state.learningRate, state.step)
    let rho = Tensor.minimum(rate, 1 / t.squareRoot())
    let alpha = Tensor.maximum(Tensor(Float(epsilon2)), theta.rootMeanSquare) * rho
    let (decayed, g) = TorchGradient.decayed(
      theta, g, weightDecay, maximize, decoupled: true, rate)
    let (estimate, slots) = moments(g, state)
    let floor = Tensor(Float(epsilon1 * epsilon1))
    let u = g / Tensor.maximum(estimate, floor).squareRoot()
    let divisor = Tensor.maximum(1, u.rootMeanSquare / Float(clipThreshold))
    return ParameterUpdate(decayed - alpha / divisor * u, slots: slots)
  }

  private func moments(
    _ g: Tensor, _ state: OptimizerState
  ) -> (estimate: Tensor, slots: [String: Tensor]) {
    let share = state.step.power(Tensor(Float(beta2Decay)))
    func average(_ name: String, _ new: Tensor) -> Tensor {
      state[name] + share * (new - state[name])
    }
    let square = g.square()
    guard g.rank >= 2 else {
      let v = average("variance", square)
      return (v, ["variance": v])
    }
    let r = average("row_var", square.mean(axes: [-1], keepingDimensions: true))
    let c = average("col_var", square.mean(axes: [-2], keepingDimensions: true))
    let mean = r.mean(axes: [-2], keepingDimensions: true)
    return (r * c / Tensor.maximum(mean, Tensor(Float(epsilon1))), ["row_var": r, "col_var": c])
  }
}

extension TorchAdafactor {
  public var equation: [String] {
    [
      "ρ = min(η, 1/√t),  α = max(ε₂, rms(θ))·ρ,  b = t^d              d = beta2Decay",
      "θ ← θ·(1 − η·λ)",
      "r ← r + b·(mean over columns of g² − r);  c likewise over rows;  v = r·c / max(mean r, ε₁)",
      "(of a vector: v ← v + b·(g² − v))",
      "u = g/√max(v, ε₁²),  θ ← θ − α·u / max(1, rms(u)/clipThreshold)",
    ]
  }
}
