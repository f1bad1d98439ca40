import StrataCore
import StrataSemantics
import StrataTensor
import Testing

@Suite struct ConstraintTests {
  /// Columns (3, 4) and (0.3, 0.4), of norms 5 and ½.
  private let matrix = Tensor([3, 0.3, 4, 0.4], shape: [2, 2])

  private func isClose(_ a: Tensor, _ b: [Float]) throws -> Bool {
    zip(try a.floats(), b).allSatisfy { abs($0 - $1) <= 1e-6 }
  }

  @Test func maxNormShrinksLongColumnsOnly() throws {
    let projected = Constraint.maxNorm(1, axis: 0).project(matrix)
    #expect(try isClose(projected, [0.6, 0.3, 0.8, 0.4]))
  }

  @Test func unitNormScalesEveryColumn() throws {
    #expect(try isClose(Constraint.unitNorm(axis: 0).project(matrix), [0.6, 0.6, 0.8, 0.8]))
  }

  /// Half way from norm 5 to 1 is 3, and from ½ to ¾ it is 0.625.
  @Test func minMaxNormMovesTheNormByItsRate() throws {
    let constraint = Constraint.minMaxNorm(minimum: 0.75, maximum: 1, rate: 0.5, axis: 0)
    #expect(try isClose(constraint.project(matrix), [1.8, 0.375, 2.4, 0.5]))
  }

  @Test func nonNegativeSetsNegativesToZero() throws {
    let projected = Constraint.nonNegative.project(Tensor([-1, 0, 2], shape: [3]))
    #expect(try projected.floats() == [0, 0, 2])
  }

  @Test func normsOverSeveralAxes() throws {
    let tensor = Tensor([Float](repeating: 1, count: 8), shape: [2, 2, 2])
    let projected = Constraint.unitNorm(axes: [1, 2]).project(tensor)
    #expect(try isClose(projected, [Float](repeating: 0.5, count: 8)))
  }
}

@Suite struct RegularizerTests {
  private let x = Tensor([1, -2, 3, -4], shape: [2, 2])

  @Test func penaltyIsASumOfSizesAndSquares() throws {
    #expect(try Regularizer(l1: 0.5, l2: 0.25).penalty(on: x).scalar() == 12.5)
    #expect(try Regularizer.l1(0.5).penalty(on: x).scalar() == 5)
    #expect(try Regularizer().penalty(on: x).scalar() == 0)
  }

  /// A sum over the batch is as many times the mean as there are samples.
  @Test(
    arguments: [("1.0.6", 2.5), ("1.0.7", 5), ("2.4.0", 2.5), ("3.0.0", 5), ("3.14.0", 2.5)]
      as [(Version, Float)])
  func activityPenaltyFollowsTheRelease(_ version: Version, _ expected: Float) throws {
    let form = ActivityPenalty.history.value(under: .keras(version))
    #expect(try Regularizer.l1(0.5).penalty(onOutput: x, form).scalar() == expected)
  }
}
