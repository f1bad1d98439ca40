public import StrataCore
public import StrataTensor

/// Generalised crossentropy, robust against wrong labels: `(1 − p[t]^q) / q`.
///
///     t [batch, …] or [batch, …, 1]    p [batch, …, n]    score [batch, …]    0 < q < 1
///
/// Towards crossentropy as q goes to 0, towards the absolute error as q goes to 1. Source: Zhang and
/// Sabuncu 2018 (arXiv:1805.07836), equation 6; Keras since 3.10.
public struct CategoricalGeneralizedCrossEntropy: Loss, Configurable {
  public static let name = "categorical_generalized_cross_entropy"
  public var q: Float
  public init(q: Float = 0.5) { self.q = q }

  public static var settings: [Setting<CategoricalGeneralizedCrossEntropy>] {
    [.number("q", \.q)]
  }

  public var expectsClassIndices: Bool { true }

  public func targetShape(for prediction: Shape) -> Shape { prediction.replacingLast(with: 1) }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let scoreShape = Shape(Array(prediction.shape.dimensions.dropLast()))
    let labels = target.asFloat32().reshaped(scoreShape)
    let p = (prediction * labels.oneHot(classes: prediction.shape.last)).sum(axes: [-1])
    return (1 - p.power(Tensor(q))) / q
  }
}
