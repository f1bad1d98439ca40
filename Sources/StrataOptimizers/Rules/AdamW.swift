public import StrataCore
public import StrataSemantics
public import StrataTensor

/// AdamW: Adam with weights that decay apart from the gradient.
///
///     θ ← θ − θ·λ·η
///     m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²
///     θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε)
///
/// Source: Loshchilov & Hutter 2019 (arXiv:1711.05101); tf.keras since 2.9. The decay is that of the
/// optimizer around the rule, from which parameters can be left out; its default is 0.004.
public struct AdamW: OptimizerRule, Configurable {
  public static let name = "adamw"
  public static let className = "AdamW"

  /// The step after the decay.
  public var adam: Adam

  public init(
    learningRate: Float? = nil, beta1: Double? = nil, beta2: Double? = nil,
    epsilon: Double? = nil, amsgrad: Bool = false
  ) {
    adam = Adam(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
  }

  public var learningRate: Float? {
    get { adam.learningRate }
    set { adam.learningRate = newValue }
  }
  public var defaultWeightDecay: Float? { 0.004 }

  public static var histories: [any AnyHistory] { Adam.histories }

  public static var settings: [Setting<AdamW>] {
    [
      .number("beta_1", \.adam.beta1), .number("beta_2", \.adam.beta2),
      .number("epsilon", \.adam.epsilon), .flag("amsgrad", \.adam.amsgrad),
    ]
  }

  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    do { try adam.resolve(under: semantics) } catch {
      var own = error
      own.owner = Self.name
      throw own
    }
  }

  public var slots: [SlotSpec] { adam.slots }

  public func update(
    _ theta: Tensor, gradient g: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    adam.update(theta, gradient: g, state)
  }
}

extension AdamW {
  public var equation: [String] {
    [
      "θ ← θ − θ·λ·η",
      "m ← β₁·m + (1−β₁)·g;  v ← β₂·v + (1−β₂)·g²",
      "θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε)",
    ]
  }
}
