import Testing

@testable import StrataReplay

@Suite struct ComparisonTests {
  private let tolerance = Tolerance(
    relative: 1e-6, shadowFactor: 3, roundingBound: 1e-4, reason: "test")

  @Test func smallDifferencesAgree() {
    var comparison = Comparison(tolerance)
    comparison.add("a", [1, 100.00005], [1, 100])
    #expect(comparison.firstDifference == nil)
    #expect(comparison.largestValue == 100)
  }

  @Test func theFirstLargeDifferenceIsNamed() {
    var comparison = Comparison(tolerance)
    comparison.add("a", [1], [1])
    comparison.add("b", [1.001], [1])
    comparison.add("c", [2], [1])
    #expect(comparison.firstDifference == "b")
    #expect(comparison.largestError == 1)
  }

  @Test func notANumberEqualsOnlyItself() {
    var comparison = Comparison(tolerance)
    comparison.add("a", [.nan, .infinity], [.nan, .infinity])
    #expect(comparison.firstDifference == nil)
    comparison.add("b", [.nan], [1])
    #expect(comparison.firstDifference == "b")
    #expect(comparison.largestError == .infinity)
  }

  @Test func countsOfValuesMustAgree() {
    var comparison = Comparison(tolerance)
    comparison.add("a", [1, 1], [1])
    #expect(comparison.firstDifference == "a (2 values, recorded 1)")
  }

  /// The recording is off by 1e-5 from the exact 1; a result off by 2e-5 is rounding too.
  @Test func theExactResultDecidesWhoIsNearer() {
    var near = Comparison(tolerance)
    near.add("a", [1.00002], [1.00001], shadow: { [1] })
    #expect(near.firstDifference == nil && near.usedShadow)
    var far = Comparison(tolerance)
    far.add("a", [1.0001], [1.00001], shadow: { [1] })
    #expect(far.firstDifference == "a")
  }

  /// If the recording is far from the exact result the formulas differ: that is no rounding.
  @Test func anotherFormulaIsNoRounding() {
    var comparison = Comparison(tolerance)
    comparison.add("a", [1], [1.01], shadow: { [1] })
    #expect(comparison.firstDifference == "a")
  }

  @Test func aZeroTensorAllowsNothing() {
    var comparison = Comparison(tolerance)
    comparison.add("a", [1e-20], [0])
    #expect(comparison.firstDifference == "a")
  }
}
