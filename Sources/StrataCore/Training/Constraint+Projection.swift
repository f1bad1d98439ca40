public import StrataTensor

extension Constraint {
  /// Keras's `epsilon`, which keeps the norms' divisions finite.
  static let epsilon: Float = 1e-7

  /// The parameter as it is kept after a step; the formulas are the same in every release.
  ///
  ///     maxNorm      θ·(clip(n, 0, value) / (ε + n))           n = √Σθ² over the axes
  ///     unitNorm     θ / (ε + n)
  ///     nonNegative  θ·(θ ≥ 0)
  ///     minMaxNorm   θ·(d / (ε + n)),  d = rate·clip(n, minimum, maximum) + (1 − rate)·n
  public func project(_ parameter: Tensor) -> Tensor {
    switch self {
    case .nonNegative:
      return parameter * parameter.isGreaterOrEqual(to: 0)
    case .maxNorm(let value, let axes):
      let norm = Self.norm(parameter, axes)
      let desired = Tensor.minimum(.maximum(norm, 0), Tensor(value))
      return parameter * (desired / (Self.epsilon + norm))
    case .unitNorm(let axes):
      return parameter / (Self.epsilon + Self.norm(parameter, axes))
    case .minMaxNorm(let minimum, let maximum, let rate, let axes):
      let norm = Self.norm(parameter, axes)
      let limited = Tensor.minimum(.maximum(norm, Tensor(minimum)), Tensor(maximum))
      let desired = rate * limited + (1 - rate) * norm
      return parameter * (desired / (Self.epsilon + norm))
    }
  }

  private static func norm(_ parameter: Tensor, _ axes: [Int]) -> Tensor {
    parameter.square().sum(axes: axes, keepingDimensions: true).squareRoot()
  }
}
