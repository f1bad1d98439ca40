import Strata

/// Steps of one size against the sign of the gradient: `θ ← θ − η·sign(g)`.
public struct SignDescent: OptimizerRule {
  public static let name = "sign_descent"
  public static let className = "SignDescent"

  public var learningRate: Float?

  public init(learningRate: Float? = nil) { self.learningRate = learningRate }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    learningRate = learningRate ?? 0.01
  }

  public var slots: [SlotSpec] { [] }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    ParameterUpdate(theta - state.learningRate * g.sign())
  }
}
