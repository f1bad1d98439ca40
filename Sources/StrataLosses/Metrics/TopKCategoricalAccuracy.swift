public import StrataCore
public import StrataTensor

/// The share of samples whose class is among the `k` largest predictions: fewer than k predictions
/// are larger than that of the class.
///
///     t, p [batch, …, n]    t is one-hot
///
/// Keras since 1.2.0.
public struct TopKCategoricalAccuracy: Metric {
  public static let name = "top_k_categorical_accuracy"
  public var k: Int
  public init(k: Int = 5) { self.k = k }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    let oneHot = target.argMax().oneHot(classes: prediction.shape.last)
    return Self.isAmong(oneHot, prediction, k)
  }

  static func isAmong(_ oneHot: Tensor, _ prediction: Tensor, _ k: Int) -> Tensor {
    let own = (oneHot * prediction).sum(axes: [-1], keepingDimensions: true)
    let larger = prediction.isGreater(than: own).sum(axes: [-1])
    return larger.isLess(than: Tensor(Float(k)))
  }
}

/// `TopKCategoricalAccuracy` with class numbers for targets.
///
///     t [batch, …] or [batch, …, 1]    p [batch, …, n]
///
/// Keras since 2.0.x.
public struct SparseTopKCategoricalAccuracy: Metric {
  public static let name = "sparse_top_k_categorical_accuracy"
  public var k: Int
  public init(k: Int = 5) { self.k = k }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    let shape = Shape(Array(prediction.shape.dimensions.dropLast()))
    let oneHot = target.asFloat32().reshaped(shape).oneHot(classes: prediction.shape.last)
    return TopKCategoricalAccuracy.isAmong(oneHot, prediction, k)
  }
}
