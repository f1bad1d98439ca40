import StrataLosses
import StrataSemantics
import StrataTensor
import Testing

/// Scores 1, 2, 3, 4 of two samples with two time steps; the first sample weighs 2, the second 0;
/// the last step of the first sample is masked.
@Suite struct LossReductionTests {
  private let score = Tensor([1, 2, 3, 4], shape: [2, 2])
  private let weights = Tensor([2, 0], shape: [2])
  private let mask = Tensor([1, 0, 1, 1], shape: [2, 2])

  /// By hand, for (weights alone, mask alone).
  ///
  /// 0.3.2: weights: mean(2·1.5, 0)/½ = 3; mask: the scores become 4/3, 0, 4, 16/3, their mean 8/3.
  @Test(
    arguments: [
      ("0.1.0", 2.5, 2.5), ("0.1.2", 3, 2.5), ("0.1.3", 1.5, 8.0 / 3), ("0.3.0", 1.5, 8.0 / 3),
      ("0.3.3", 3, 8.0 / 3), ("1.2.0", 3, 8.0 / 3), ("2.3.1", 1.5, 2), ("2.11.0", 1.5, 8.0 / 3),
      ("3.15.1", 1.5, 8.0 / 3),
    ] as [(Version, Float, Float)])
  func reducesByRelease(_ version: Version, _ weighted: Float, _ masked: Float) throws {
    let reduction = LossReduction.history.value(under: .keras(version))
    let byWeights = try reduction.reduce(score: score, weights: weights).scalar()
    let byMask = try reduction.reduce(score: score, mask: mask).scalar()
    #expect(abs(byWeights - weighted) <= 1e-6, "\(byWeights)")
    #expect(abs(byMask - masked) <= 1e-6, "\(byMask)")
  }

  @Test func withoutWeightsEveryReleaseTakesTheMean() throws {
    for entry in LossReduction.history.entries {
      #expect(try entry.value.reduce(score: score).scalar() == 2.5)
    }
  }

  @Test func allZeroWeightsGiveNaNUntil23() throws {
    let zero = Tensor.zeros([2])
    let old = LossReduction.batchMeanOverNonzero.reduce(score: score, weights: zero)
    #expect(try old.scalar().isNaN)
    #expect(try LossReduction.sumOverElements.reduce(score: score, weights: zero).scalar() == 0)
  }

  @Test func temporalWeightsWeighSteps() throws {
    let temporal = Tensor([1, 0, 0, 1], shape: [2, 2])
    let value = LossReduction.batchMeanOverNonzero.reduce(score: score, weights: temporal)
    #expect(try value.scalar() == 2.5)
  }

  @Test func aggregations() throws {
    let loss = Tensor([1, 3], shape: [2])
    #expect(try LossAggregation.sum.aggregate(score: loss, weights: weights).scalar() == 2)
    #expect(try LossAggregation.none.aggregate(score: loss, weights: weights).floats() == [2, 0])
    let mean = LossAggregation.meanWithSampleWeight.aggregate(score: loss, weights: weights)
    #expect(try mean.scalar() == 1)
    let all = LossAggregation.sumOverBatchSize.aggregate(score: loss, weights: weights)
    #expect(try all.scalar() == 1)
  }
}
