public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Muon: momentum, made nearly orthogonal, for matrices; Adam for everything else.
///
///     m ← μ·m + g;   x = g + μ·m with Nesterov's momentum, else m
///     x ← x/(|x| + 1e-7), then `steps` times, of the wide side: A = x·xᵀ, x ← a·x + (b·A + c·A²)·x
///     θ ← θ − η·x·√max(n, k)·0.2            before Keras 3.13: θ ← θ − η·x·√max(1, n/k)
///
/// Parameters that are no matrices (before 3.13: of rank 2 or 3) take Adam's step, with the rate times
/// `adamRateRatio` and a decay of their own. Keras also gives embeddings to Adam, by their names; a
/// rule sees no names.
///
/// Source: Jordan et al. 2024; Liu et al. 2025 for the factor 0.2 (arXiv:2502.16982); Keras since
/// 3.10.
public struct Muon: OptimizerRule, Configurable {
  public static let name = "muon"
  public static let className = "Muon"

  public var learningRate: Float?
  public var momentum: Double
  public var nesterov: Bool
  public var steps: Int?
  public var coefficientA: Double
  public var coefficientB: Double
  public var coefficientC: Double
  public var rmsRate: Double
  public var adam: Adam
  public var adamRateRatio: Double?
  public var adamWeightDecay: Float?
  public var form: Form?

  public init(
    learningRate: Float? = nil, momentum: Double = 0.95, nesterov: Bool = true,
    steps: Int? = nil, adamRateRatio: Double? = nil, adamWeightDecay: Float? = nil
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.steps = steps
    self.adamRateRatio = adamRateRatio
    self.adamWeightDecay = adamWeightDecay
    coefficientA = 3.4445
    coefficientB = -4.775
    coefficientC = 2.0315
    rmsRate = 0.2
    adam = Adam()
  }

  public enum Form: String, Sendable, Hashable, Codable {
    /// Scaled by `√max(1, rows/columns)`; matrices and stacks of matrices.
    case aspect
    /// Scaled by `√max(rows, columns)·rmsRate`; matrices only.
    case rootMeanSquare
  }

  public static let learningRateHistory = History<Float>(
    "muon.learningRate", .optimizer, .trajectory, initially: 0.001)
  public static let formHistory = History(
    "muon.form", .optimizer, .trajectory, initially: Form.aspect
  )
  .since("3.13.0", .rootMeanSquare, "muon-added", "steps of the size of Adam's")
  public static let stepsHistory = History(
    "muon.steps", .optimizer, .trajectory, initially: 6
  )
  .since("3.13.0", 5, "muon-added", "5 steps of orthogonalisation instead of 6")
  public static let adamRateRatioHistory = History(
    "muon.adamRateRatio", .optimizer, .trajectory, initially: 0.1
  )
  .since("3.13.0", 1, "muon-added", "Adam's parameters take the full rate")
  public static let weightDecayHistory = History<Float>(
    "muon.weightDecay", .optimizer, .trajectory, initially: 0.1
  )
  .since("3.13.0", 0.004, "muon-added", "weight decay 0.1 -> 0.004, of its own for Adam's part")

  public static var histories: [any AnyHistory] {
    [
      learningRateHistory, formHistory, stepsHistory, adamRateRatioHistory, weightDecayHistory,
    ] + Adam.histories
  }

  public static var settings: [Setting<Muon>] {
    [
      .number("momentum", \.momentum), .flag("nesterov", \.nesterov),
      .integer("ns_steps", \.steps), .number("muon_a", \.coefficientA),
      .number("muon_b", \.coefficientB), .number("muon_c", \.coefficientC),
      .number("rms_rate", \.rmsRate), .number("adam_beta_1", \.adam.beta1),
      .number("adam_beta_2", \.adam.beta2), .number("epsilon", \.adam.epsilon),
      .number("adam_lr_ratio", \.adamRateRatio),
      .number("adam_weight_decay", \.adamWeightDecay),
    ]
  }

  public private(set) var defaultWeightDecay: Float?

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try checkLineage(semantics)
    try checkRate()
    try check("momentum", momentum, in: 0...1)
    try check("steps", steps, in: 0...100)
    learningRate.resolve(Self.learningRateHistory, semantics)
    try adam.resolve(under: semantics)
    form.resolve(Self.formHistory, semantics)
    steps.resolve(Self.stepsHistory, semantics)
    adamRateRatio.resolve(Self.adamRateRatioHistory, semantics)
    defaultWeightDecay = Self.weightDecayHistory.value(under: semantics)
    if form == .rootMeanSquare { adamWeightDecay = adamWeightDecay ?? 0.004 }
  }

  private func isMatrix(_ shape: Shape) -> Bool {
    shape.rank == 2 || form == .aspect && shape.rank == 3
  }

  public func weightDecay(_ chosen: Float?, for shape: Shape) -> Float? {
    isMatrix(shape) ? chosen : adamWeightDecay ?? chosen
  }

  public var slots: [SlotSpec] { [SlotSpec("m"), SlotSpec("v")] }
  public func slots(for shape: Shape) -> [SlotSpec] {
    isMatrix(shape) ? [SlotSpec("m")] : slots
  }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    guard isMatrix(theta.shape) else {
      var own = state
      own.learningRate = state.learningRate * adamRateRatio.resolved
      return adam.update(theta, gradient: g, own)
    }
    let old = state["m"]
    let m = old + (g + old * Float(momentum - 1))
    let x = orthogonalised(nesterov ? g + Float(momentum) * m : m)
    let step = state.learningRate * x * scale(theta.shape)
    return ParameterUpdate(theta - step, slots: ["m": m])
  }

  private func scale(_ shape: Shape) -> Float {
    switch form ?? .rootMeanSquare {
    case .aspect: max(1, Float(shape[0]) / Float(max(shape[1], 1))).squareRoot()
    case .rootMeanSquare: Float(max(shape[0], shape[1])).squareRoot() * Float(rmsRate)
    }
  }

  /// Newton-Schulz iterations of degree 5 towards the nearest orthogonal matrix.
  private func orthogonalised(_ matrix: Tensor) -> Tensor {
    let isTall = matrix.shape[-2] > matrix.shape[-1]
    var x = isTall ? matrix.matrixTransposed : matrix
    x = x / (x.square().sum(axes: [-2, -1], keepingDimensions: true).squareRoot() + 1e-7)
    let (a, b, c) = (Float(coefficientA), Float(coefficientB), Float(coefficientC))
    for _ in 0..<(steps ?? 0) {
      let product = x.matmul(x.matrixTransposed)
      let polynomial = b * product + (c * product).matmul(product)
      x = a * x + polynomial.matmul(x)
    }
    return isTall ? x.matrixTransposed : x
  }
}

extension Tensor {
  fileprivate var matrixTransposed: Tensor {
    transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}

extension Muon {
  public var equation: [String] {
    let step =
      form == .rootMeanSquare ? "θ ← θ − η·x·√max(n, k)·rmsRate" : "θ ← θ − η·x·√max(1, n/k)"
    return [
      "m ← μ·m + g;   x = \(nesterov ? "g + μ·m" : "m")",
      "x ← x/(|x| + 1e-7), then of the wide side, steps times: A = x·xᵀ, x ← a·x + (b·A + c·A²)·x",
      step,
    ]
  }
}
