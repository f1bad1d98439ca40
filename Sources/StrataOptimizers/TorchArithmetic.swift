import StrataCore
import StrataSemantics
import StrataTensor

/// What torch's rules do to a gradient before anything else.
enum TorchGradient {
  /// `g + λ·θ`, of −g if the loss is to grow.
  static func of(
    _ theta: Tensor, _ gradient: Tensor, _ weightDecay: Double, _ maximize: Bool
  ) -> Tensor {
    let g = maximize ? -gradient : gradient
    return weightDecay == 0 ? g : g + Float(weightDecay) * theta
  }

  /// The parameter and gradient after a decay that is decoupled, `θ·(1 − η·λ)`, or not, `g + λ·θ`.
  static func decayed(
    _ theta: Tensor, _ gradient: Tensor, _ weightDecay: Double, _ maximize: Bool,
    decoupled: Bool, _ rate: Tensor
  ) -> (theta: Tensor, gradient: Tensor) {
    guard decoupled else { return (theta, of(theta, gradient, weightDecay, maximize)) }
    let g = maximize ? -gradient : gradient
    return (weightDecay == 0 ? theta : theta * (1 - rate * Float(weightDecay)), g)
  }
}

/// The two running averages of torch's Adam and its relatives.
struct TorchMoments {
  var m: Tensor
  var v: Tensor

  init(_ g: Tensor, _ state: OptimizerState, _ beta1: Double, _ beta2: Double) {
    if let beta1 = state.momentum {
      m = state["exp_avg"] + (g - state["exp_avg"]) * (1 - beta1)
    } else {
      m = AverageForm.incremental.average(state["exp_avg"], g, beta1, .double)
    }
    v = AverageForm.weighted.average(state["exp_avg_sq"], g.square(), beta2, .double)
  }

  var slots: [String: Tensor] { ["exp_avg": m, "exp_avg_sq": v] }
}

extension OptimizerState {
  /// `1 − β₁ᵗ`, with the β₁ that a schedule asks for if it does.
  func complement(_ beta1: Double) -> Tensor {
    momentum.map { 1 - $0.power(step) } ?? Power.complement(beta1, step)
  }
}

extension OptimizerRule {
  /// Checks that the semantics is of a torch release.
  func checkTorch(_ semantics: Semantics) throws(HyperparameterError) {
    guard semantics.lineage == .torch else {
      throw HyperparameterError(
        owner: Self.name, setting: "semantics", expected: "of a torch release",
        found: "\(semantics); Keras's rule is \(Self.className)")
    }
  }
}

extension LearningRateSchedule {
  /// `base^exponent` for a base that is no Float32: `b^n·(1 + n·(base − b)/b)` with b its Float32.
  static func power(_ base: Double, _ exponent: Tensor) -> Tensor {
    let rounded = Double(Float(base))
    let power = Tensor(Float(base)).power(exponent)
    guard base != rounded, rounded != 0 else { return power }
    return power * (1 + Float((base - rounded) / rounded) * exponent)
  }
}
