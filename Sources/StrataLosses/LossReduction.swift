public import StrataSemantics
public import StrataTensor

/// How a batch's loss follows from its scores L, weights w and mask m.
///
/// L is `[batch, …]`; w is `[batch]` or has more of L's axes; m has leading axes of L and is 1 where
/// an element counts.
public enum LossReduction: String, Sendable, Hashable, Codable {
  /// `mean L`; weights have no effect.
  case mean
  /// `Σ w·L / count(w ≠ 0)`.
  case meanOfWeighted
  /// `Σ w·m·L / Σ w·m`.
  case weightedMean
  /// `mean(w·s)`, `s` the mean over the axes that w has not of `L·m / mean m`.
  case batchMean
  /// `mean(w·s) / mean(w ≠ 0)`, s as above.
  case batchMeanOverNonzero
  /// As `batchMeanOverNonzero`, with `mean m + ε`.
  case batchMeanOverNonzeroGuarded
  /// `Σ w·m·L / count L`.
  case sumOverElements
  /// `Σ w·m·L / Σ m`.
  case sumOverUnmasked

  public static let history = History(
    "loss.reduction", .loss, .trajectory, initially: LossReduction.mean
  )
  .since(
    "0.1.2", .meanOfWeighted, "loss-sample-weights-introduced",
    "the mean of w*L over the entries whose weight is not 0"
  )
  .since(
    "0.1.3", .weightedMean, "loss-weight-normalised-by-weight-sum",
    "divided by the sum of the weights"
  )
  .since(
    "0.3.0", .batchMean, "loss-weight-plain-batch-mean",
    "the mean over the batch, not divided by the weights"
  )
  .since(
    "0.3.2", .batchMeanOverNonzero, "loss-weight-divided-by-nonzero-fraction",
    "samples of weight 0 do not count"
  )
  .since(
    "2.2.5", .batchMeanOverNonzeroGuarded, "loss-mask-mean-plus-epsilon",
    "a batch that is masked entirely gives 0, not NaN"
  )
  .since(
    "2.3.0", .sumOverElements, "loss-reduction-sum-over-batch-size",
    "masked steps and samples of weight 0 count in the divisor"
  )
  .since(
    "2.11.0", .sumOverUnmasked, "loss-mask-valid-count", "masked steps do not count in the divisor")

  /// The loss of a batch, a scalar.
  public func reduce(score: Tensor, weights: Tensor? = nil, mask: Tensor? = nil) -> Tensor {
    switch self {
    case .mean: return score.mean()
    case .meanOfWeighted:
      guard let weights else { return score.mean() }
      let w = weights.aligned(to: score)
      return (w * score).sum() / w.isNotEqual(to: 0).broadcast(to: score.shape).sum()
    case .weightedMean:
      let all = [weights, mask].compactMap { $0?.aligned(to: score) }
      guard let first = all.first else { return score.mean() }
      let w = all.dropFirst().reduce(first, *).broadcast(to: score.shape)
      return (w * score).sum() / w.sum()
    case .batchMean, .batchMeanOverNonzero, .batchMeanOverNonzeroGuarded:
      return batchMean(score, weights, mask)
    case .sumOverElements, .sumOverUnmasked:
      return sumOver(score, weights, mask)
    }
  }

  private func batchMean(_ score: Tensor, _ weights: Tensor?, _ mask: Tensor?) -> Tensor {
    var s = score
    if let mask {
      let guarded = self == .batchMeanOverNonzeroGuarded ? mask.mean() + Epsilon.value : mask.mean()
      s = s * mask.aligned(to: score) / guarded
    }
    let extra = Array((weights?.rank ?? 1)..<max(s.rank, weights?.rank ?? 1))
    s = extra.isEmpty ? s : s.mean(axes: extra)
    guard let weights else { return s.mean() }
    let weighted = s * weights
    guard self != .batchMean else { return weighted.mean() }
    return (weighted / weights.isNotEqual(to: 0).mean()).mean()
  }

  private func sumOver(_ score: Tensor, _ weights: Tensor?, _ mask: Tensor?) -> Tensor {
    let weighted = weights.map { score * $0.aligned(to: score) } ?? score
    guard let mask else { return weighted.sum() / Float(max(weighted.shape.count, 1)) }
    let m = mask.aligned(to: score)
    let total = (weighted * m).sum()
    guard self == .sumOverUnmasked else { return total / Float(max(score.shape.count, 1)) }
    let valid = m.broadcast(to: score.shape).sum()
    return .select(valid.isEqual(to: 0), 0, total / Tensor.maximum(valid, 1))
  }
}

/// What a loss class does with its scores, in the words of Keras 2.3 and later.
public enum LossAggregation: String, Sendable, Hashable, Codable {
  case sumOverBatchSize = "sum_over_batch_size"
  case sum
  case none
  /// `Σ w·L / Σ w`, Keras 3.7 on.
  case meanWithSampleWeight = "mean_with_sample_weight"

  /// The aggregate of scores `[batch, …]`: a scalar, or the weighted scores for `none`.
  public func aggregate(score: Tensor, weights: Tensor? = nil, mask: Tensor? = nil) -> Tensor {
    if self == .sumOverBatchSize {
      return LossReduction.sumOverUnmasked.reduce(score: score, weights: weights, mask: mask)
    }
    let factors = [weights, mask].compactMap { $0?.aligned(to: score) }
    let weighted = factors.reduce(score, *)
    switch self {
    case .none: return weighted
    case .sum: return weighted.sum()
    case .sumOverBatchSize, .meanWithSampleWeight:
      guard let first = factors.first else { return weighted.mean() }
      return weighted.sum() / factors.dropFirst().reduce(first, *).sum()
    }
  }
}

extension Tensor {
  /// With axes of size 1 at the end, up to the rank of `score`.
  fileprivate func aligned(to score: Tensor) -> Tensor {
    guard rank < score.rank else { return self }
    let ones = [Int](repeating: 1, count: score.rank - rank)
    return reshaped(Shape(shape.dimensions + ones))
  }
}
