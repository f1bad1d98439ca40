public import StrataSemantics
public import StrataTensor

extension Regularizer {
  /// The penalty on a parameter, a scalar: `l1·Σ|x| + l2·Σx²`.
  ///
  /// A term is there only where its factor is not 0. Releases differ in whether the factor stands inside the sum, which reaches the last bits.
  public func penalty(on x: Tensor) -> Tensor {
    let terms = [
      l1 == 0 ? nil : x.abs().sum() * l1,
      l2 == 0 ? nil : x.square().sum() * l2,
    ].compactMap(\.self)
    return terms.dropFirst().reduce(terms.first ?? 0, +)
  }

  /// The penalty on a layer's output, `[batch, …]`.
  public func penalty(onOutput output: Tensor, _ form: ActivityPenalty) -> Tensor {
    switch form {
    case .sum: penalty(on: output)
    case .batchMean: penalty(on: output) / Float(max(output.shape.dimensions.first ?? 1, 1))
    }
  }
}

/// How the penalty on a layer's output depends on the size of the batch.
public enum ActivityPenalty: String, Sendable, Hashable, Codable {
  /// Summed over features, averaged over the batch.
  case batchMean
  /// Summed over features and batch.
  case sum

  public static let history = History(
    "regularizer.activity", .loss, .trajectory, initially: ActivityPenalty.batchMean
  )
  .since(
    "1.0.7", .sum, "activity-regularizer-batch-mean-to-sum",
    "activity penalties are summed over the batch"
  )
  .since(
    "2.4.0", .batchMean, "activity-regularizer-batch-normalised",
    "activity penalties are divided by the size of the batch"
  )
  .since(
    "3.0.0", .sum, "activity-regularizer-sum-keras3",
    "activity penalties are summed over the batch again"
  )
  .since(
    "3.14.0", .batchMean, "activity-regularizer-normalised-again",
    "activity penalties are divided by the size of the batch again")
}
