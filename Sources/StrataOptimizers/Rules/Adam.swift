public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Adam: steps from running averages of the gradient and of its square.
///
///     m ← β₁·m + (1−β₁)·g
///     v ← β₂·v + (1−β₂)·g²
///     θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε)
///
/// With `amsgrad`: `v̂ ← max(v̂, v)` stands for v in the step (Keras 2.1.3 on). Before Keras 0.1.3 the
/// weights themselves decay, and nothing corrects their bias. κ = 1 − 10⁻⁸, which is 1 in Float32;
/// i = t − 1:
///
///     bₖ = βₖ·κⁱ;  m ← b₁·m + (1−b₁)·g;  v ← b₂·v + (1−b₂)·g²
///     θ ← θ − η·(m/(1−b₁)) / (√(v/(1−b₂)) + ε)
///
/// Source: Kingma & Ba 2015, section 2, the reordered form (arXiv:1412.6980); Reddi et al. 2018 for
/// amsgrad. ε is added to the root of the uncorrected v, so it is not the paper's ε of Algorithm 1.
public struct Adam: OptimizerRule, Configurable {
  public static let name = "adam"
  public static let className = "Adam"

  public var learningRate: Float?
  public var beta1: Double?
  public var beta2: Double?
  public var epsilon: Double?
  public var amsgrad: Bool
  public var form: Form?
  public var complement: ComplementPrecision?

  public init(
    learningRate: Float? = nil, beta1: Double? = nil, beta2: Double? = nil,
    epsilon: Double? = nil, amsgrad: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.amsgrad = amsgrad
  }

  public enum Form: String, Sendable, Hashable, Codable {
    /// Weights that decay with κ, no bias correction.
    case kappa
    /// The rate is `(η·√(1−β₂ᵗ))/(1−β₁ᵗ)`, the averages are weighted sums.
    case leftToRight
    /// The rate is `η·(√(1−β₂ᵗ)/(1−β₁ᵗ))`.
    case grouped
    /// As `leftToRight`, with averages `a + (x − a)·(1−β)` and the step `(m·rate)/(√v + ε)`.
    case incremental
  }

  public static let learningRateHistory = History<Float>(
    "adam.learningRate", .optimizer, .trajectory, initially: 0.001)
  public static let beta1History = History(
    "adam.beta1", .optimizer, .trajectory, initially: 0.9)
  public static let beta2History = History(
    "adam.beta2", .optimizer, .trajectory, initially: 0.999)
  public static let epsilonHistory = SharedHistory.epsilon("adam", initially: 1e-8)
  public static let complementHistory = SharedHistory.complement("adam")
  public static let formHistory = History(
    "adam.form", .optimizer, .trajectory, initially: Form.kappa
  )
  .since(
    "0.1.3", .leftToRight, "adam-kappa-constant-bias-correction",
    "kappa gives way to the paper's bias correction; long-run steps are three times longer"
  )
  .since("1.2.1", .grouped, "adam-expression-grouping", "the rate's factors are grouped: last bit")
  .since(
    "2.4.0", .incremental, "adam-fused-kernel",
    "averages as m + (g - m)*(1 - beta): rounding only")

  public static var histories: [any AnyHistory] {
    [
      learningRateHistory, beta1History, beta2History, epsilonHistory, complementHistory,
      formHistory,
    ]
  }

  public static var settings: [Setting<Adam>] {
    [
      .number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon),
      .flag("amsgrad", \.amsgrad),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("beta1", beta1, in: 0...1)
    try check("beta2", beta2, in: 0...1)
    try checkNotNegative("epsilon", epsilon)
    learningRate.resolve(Self.learningRateHistory, semantics)
    beta1.resolve(Self.beta1History, semantics)
    beta2.resolve(Self.beta2History, semantics)
    epsilon.resolve(Self.epsilonHistory, semantics)
    form.resolve(Self.formHistory, semantics)
    complement.resolve(Self.complementHistory, semantics)
  }

  public var slots: [SlotSpec] {
    [SlotSpec("m"), SlotSpec("v")] + (amsgrad ? [SlotSpec("vhat")] : [])
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    if form == .kappa { return kappaUpdate(theta, g, state) }
    let precision = complement ?? .single
    let average = form == .incremental ? AverageForm.incremental : .weighted
    let m = average.average(state["m"], g, beta1.exact, precision)
    let v = average.average(state["v"], state.squares(of: g), beta2.exact, precision)
    var slots = ["m": m, "v": v]
    let root: Tensor
    if amsgrad {
      let largest = Tensor.maximum(state["vhat"], v)
      slots["vhat"] = largest
      root = largest.squareRoot()
    } else {
      root = v.squareRoot()
    }
    return ParameterUpdate(theta - rate(state) * m / (root + epsilon.resolved), slots: slots)
  }

  /// `η·√(1−β₂ᵗ)/(1−β₁ᵗ)`.
  private func rate(_ state: OptimizerState) -> Tensor {
    let second = (1 - Tensor(beta2.resolved).power(state.step)).squareRoot()
    let first = 1 - Tensor(beta1.resolved).power(state.step)
    return form == .grouped
      ? state.learningRate * (second / first) : state.learningRate * second / first
  }

  private func kappaUpdate(
    _ theta: Tensor, _ g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let (b1, b2) = (beta1.resolved, beta2.resolved)
    let m = b1 * state["m"] + (1 - b1) * g
    let v = b2 * state["v"] + (1 - b2) * state.squares(of: g)
    let step = (m / (1 - b1)) / ((v / (1 - b2)).squareRoot() + epsilon.resolved)
    return ParameterUpdate(theta - state.learningRate * step, slots: ["m": m, "v": v])
  }
}

extension Adam {
  public var equation: [String] {
    if form == .kappa {
      return [
        "κ = 1 − 1e-8,  i = t − 1,  bₖ = βₖ·κⁱ", "m ← b₁·m + (1−b₁)·g", "v ← b₂·v + (1−b₂)·g²",
        "θ ← θ − η·(m/(1−b₁)) / (√(v/(1−b₂)) + ε)",
      ]
    }
    return [
      "m ← β₁·m + (1−β₁)·g", "v ← β₂·v + (1−β₂)·g²",
    ] + (amsgrad ? ["v̂ ← max(v̂, v)"] : []) + [
      "θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√\(amsgrad ? "v̂" : "v") + ε)"
    ]
  }
}
