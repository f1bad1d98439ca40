public import StrataCore
public import StrataTensor

/// The cosine of the angle between target and prediction: `Σ t/‖t‖ · p/‖p‖`.
///
///     t, p [batch, …, n]
///
/// The loss of that name is its negative. Keras since 2.3.0.
public struct CosineSimilarity: Metric {
  public static let name = "CosineSimilarity"
  public var axis: Int
  public init(axis: Int = -1) { self.axis = axis }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    (unit(target.asFloat32()) * unit(prediction)).sum(axes: [axis])
  }

  private func unit(_ x: Tensor) -> Tensor {
    let square = x.square().sum(axes: [axis], keepingDimensions: true)
    return x / Tensor.maximum(square, Tensor(Float(1e-12))).squareRoot()
  }
}

/// The correlation of target and prediction within a sample.
///
///     r = mean (t − t̄)(p − p̄) / (σₜ σₚ)        t, p [batch, …, n]
///
/// Keras since 3.10.
public struct PearsonCorrelation: Metric {
  public static let name = "PearsonCorrelation"
  public var axis: Int
  public init(axis: Int = -1) { self.axis = axis }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    let moments = Moments(target.asFloat32(), prediction, axis)
    return moments.covariance / (moments.targetVariance * moments.predictionVariance).squareRoot()
  }
}

/// How far the pairs of target and prediction lie from the diagonal.
///
///     c = 2 cov(t, p) / (σₜ² + σₚ² + (t̄ − p̄)²)        t, p [batch, …, n]
///
/// Source: Lin 1989. Keras since 3.10.
public struct ConcordanceCorrelation: Metric {
  public static let name = "ConcordanceCorrelation"
  public var axis: Int
  public init(axis: Int = -1) { self.axis = axis }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    values(target: target, prediction: prediction).mean()
  }

  public func values(target: Tensor, prediction: Tensor) -> Tensor {
    let moments = Moments(target.asFloat32(), prediction, axis)
    let spread =
      moments.targetVariance + moments.predictionVariance + moments.differenceOfMeans.square()
    return 2 * moments.covariance / spread
  }
}

/// Means, variances and covariance along an axis.
private struct Moments {
  var differenceOfMeans: Tensor
  var targetVariance: Tensor
  var predictionVariance: Tensor
  var covariance: Tensor

  init(_ target: Tensor, _ prediction: Tensor, _ axis: Int) {
    let targetMean = target.mean(axes: [axis], keepingDimensions: true)
    let predictionMean = prediction.mean(axes: [axis], keepingDimensions: true)
    let (t, p) = (target - targetMean, prediction - predictionMean)
    differenceOfMeans = (targetMean - predictionMean).mean(axes: [axis])
    targetVariance = t.square().mean(axes: [axis])
    predictionVariance = p.square().mean(axes: [axis])
    covariance = (t * p).mean(axes: [axis])
  }
}
