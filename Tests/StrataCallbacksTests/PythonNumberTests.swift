import StrataCallbacks
import Testing

@Suite struct PythonNumberTests {
  /// The right-hand sides are what CPython 3.12 prints.
  @Test(arguments: [
    (0.0, "0.0"), (-0.0, "-0.0"), (1.0, "1.0"), (0.1 + 0.2, "0.30000000000000004"),
    (1e-4, "0.0001"), (1e-5, "1e-05"), (1.25e-7, "1.25e-07"), (1e15, "1000000000000000.0"),
    (9.5e15, "9500000000000000.0"), (1e16, "1e+16"), (1.5e300, "1.5e+300"), (5e-324, "5e-324"),
    (123456.75, "123456.75"), (-0.00012345, "-0.00012345"), (100.0, "100.0"),
    (9007199254740993.0, "9007199254740992.0"), (.infinity, "inf"), (-.infinity, "-inf"),
    (.nan, "nan"),
  ])
  func writesTheShortestDigitsAsPythonDoes(_ value: Double, _ text: String) {
    #expect(PythonNumber.shortest(value) == text)
  }

  @Test func writesSinglePrecisionWithFewerDigits() {
    #expect(PythonNumber.shortest(Float(1) / 3) == "0.33333334")
    #expect(PythonNumber.shortest(Float(1e-5)) == "1e-05")
  }
}
