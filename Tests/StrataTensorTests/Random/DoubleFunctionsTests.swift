import StrataTensor
import Testing

/// Against 60-digit decimal arithmetic (`Tests/Fixtures/random/double_functions.py`).
@Suite struct DoubleFunctionsTests {
  struct Record: Decodable {
    let log: [[Double]]
    let exp: [[Double]]
  }

  /// The largest error in ulp; each row holds x, the rounded result and what the rounding lost.
  private func largestError(_ rows: [[Double]], of function: (Double) -> Double) -> Double {
    rows.map { row in abs((function(row[0]) - row[1]) - row[2]) / row[1].ulp }.max() ?? .infinity
  }

  @Test func errorsStayBelowTheStatedBound() throws {
    let record = try recordedFixture("random/double-functions.json", as: Record.self)
    #expect(largestError(record.log, of: DoubleFunctions.log) < 0.53)
    #expect(largestError(record.exp, of: DoubleFunctions.exp) < 0.56)
  }

  @Test func edgesOfTheDomain() {
    #expect(DoubleFunctions.log(1) == 0)
    #expect(DoubleFunctions.log(0) == -.infinity)
    #expect(DoubleFunctions.log(-1).isNaN)
    #expect(DoubleFunctions.log(.nan).isNaN)
    #expect(DoubleFunctions.log(.infinity) == .infinity)
    #expect(DoubleFunctions.log(.leastNonzeroMagnitude) == -744.4400719213812)
    #expect(DoubleFunctions.exp(0) == 1)
    #expect(DoubleFunctions.exp(710) == .infinity)
    #expect(DoubleFunctions.exp(-746) == 0)
    #expect(DoubleFunctions.exp(-745) == .leastNonzeroMagnitude)
    #expect(DoubleFunctions.exp(.nan).isNaN)
  }
}
