import CStrataKernels
import Foundation
import StrataTensor
import TestSupport
import Testing

/// A function of one argument in its three forms.
struct UnaryFunction: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var op: strata_micro_op
  var scalar: @Sendable (Float) -> Float
  var exact: @Sendable (Double) -> Double
  var largestError: Double
}

let unaryFunctions: [UnaryFunction] = [
  UnaryFunction(
    testDescription: "exp", op: STRATA_EW_EXP, scalar: { ElementaryFunctions.exp($0) },
    exact: { Foundation.exp($0) }, largestError: 1),
  UnaryFunction(
    testDescription: "log", op: STRATA_EW_LOG, scalar: { ElementaryFunctions.log($0) },
    exact: { Foundation.log($0) }, largestError: 0.85),
  UnaryFunction(
    testDescription: "log1p", op: STRATA_EW_LOG1P, scalar: { ElementaryFunctions.log1p($0) },
    exact: { Foundation.log1p($0) }, largestError: 0.51),
  UnaryFunction(
    testDescription: "expm1", op: STRATA_EW_EXPM1, scalar: { ElementaryFunctions.expm1($0) },
    exact: { Foundation.expm1($0) }, largestError: 0.51),
  UnaryFunction(
    testDescription: "tanh", op: STRATA_EW_TANH, scalar: { ElementaryFunctions.tanh($0) },
    exact: { Foundation.tanh($0) }, largestError: 1),
  UnaryFunction(
    testDescription: "sigmoid", op: STRATA_EW_SIGMOID,
    scalar: { ElementaryFunctions.sigmoid($0) },
    exact: { 1 / (1 + Foundation.exp(-$0)) }, largestError: 1),
  UnaryFunction(
    testDescription: "erf", op: STRATA_EW_ERF, scalar: { ElementaryFunctions.erf($0) },
    exact: { Foundation.erf($0) }, largestError: 0.51),
  UnaryFunction(
    testDescription: "sin", op: STRATA_EW_SIN, scalar: { ElementaryFunctions.sin($0) },
    exact: { Foundation.sin($0) }, largestError: 0.51),
  UnaryFunction(
    testDescription: "cos", op: STRATA_EW_COS, scalar: { ElementaryFunctions.cos($0) },
    exact: { Foundation.cos($0) }, largestError: 0.51),
]

/// The error of `y` in units of the last place of the Float32 nearest to `exact`.
func ulpError(_ y: Float, _ exact: Double) -> Double {
  let rounded = Float(exact)
  if rounded.isNaN || y.isNaN { return rounded.isNaN && y.isNaN ? 0 : .infinity }
  if rounded.isInfinite || y.isInfinite {
    let finite = abs(rounded.isInfinite ? y : rounded)
    return rounded == y ? 0 : finite == .greatestFiniteMagnitude ? 1 : .infinity
  }
  if rounded == 0 && y == 0 { return rounded.sign == y.sign ? 0 : .infinity }
  return abs(Double(y) - exact) / Double(rounded.ulp)
}

extension KernelTests {
  @Suite struct Elementary {
    /// Every 40009th Float32, all exponents and both signs, NaN and infinities, and zeros.
    static let sweep: [Float] =
      stride(from: UInt32(0), to: UInt32.max - 40009, by: 40009).map { Float(bitPattern: $0) }
      + [0, -0.0, 1, -1, .infinity, -.infinity, .nan, 0x1p-149, -0x1p-149, 88.7, 89, -87.3, -104]

    static func map(_ op: strata_micro_op, _ x: [Float]) -> [Float] {
      var out = [Float](repeating: 0, count: x.count)
      strata_map_unary(Int32(op.rawValue), x, &out, Int64(x.count))
      return out
    }

    @Test(arguments: unaryFunctions)
    func staysWithinTheStatedError(_ function: UnaryFunction) {
      var largest = 0.0
      for (x, y) in zip(Self.sweep, Self.map(function.op, Self.sweep)) {
        largest = max(largest, ulpError(y, function.exact(Double(x))))
      }
      #expect(largest <= function.largestError, "largest error \(largest) ulp")
    }

    @Test(arguments: unaryFunctions)
    func kernelAndScalarFormHaveEqualBits(_ function: UnaryFunction) {
      let expected = Self.sweep.map(function.scalar)
      withEveryConfiguration(threads: [1]) { label in
        #expect(sameBits(Self.map(function.op, Self.sweep), expected), "\(label)")
      }
    }

    /// Pairs over special values, random bits, and the domain that powers are used in.
    static let pairs: [(Float, Float)] = {
      let special: [Float] = [
        0, -0.0, 1, -1, .infinity, -.infinity, .nan, 0.5, -0.5, 2, -2, 3, -3, 0x1p-149, -0x1p-149,
        .greatestFiniteMagnitude, 16_777_216, 16_777_215, -16_777_215, 8_388_607.5, 0.9999,
      ]
      var pairs = special.flatMap { x in special.map { (x, $0) } }
      var random = Sequence64(11)
      for _ in 0..<20000 {
        let word = random.next()
        pairs.append(
          (
            Float(bitPattern: UInt32(truncatingIfNeeded: word)),
            Float(bitPattern: UInt32(word >> 32))
          ))
        pairs.append(
          (Float.random(in: 0...4, using: &random), Float.random(in: -60...60, using: &random)))
      }
      return pairs
    }()

    @Test func powIsCorrectAndEqualInAllForms() {
      let (x, y) = (Self.pairs.map { $0.0 }, Self.pairs.map { $0.1 })
      let expected = Self.pairs.map { ElementaryFunctions.pow($0.0, $0.1) }
      let errors = zip(Self.pairs, expected).map { pair, result in
        ulpError(result, Foundation.pow(Double(pair.0), Double(pair.1)))
      }
      #expect(errors.allSatisfy { $0 <= 0.51 }, "largest error \(errors.max() ?? 0) ulp")
      withEveryConfiguration(threads: [1]) { label in
        var out = [Float](repeating: 0, count: x.count)
        strata_map_binary(Int32(STRATA_EW_POW.rawValue), x, y, &out, Int64(x.count))
        #expect(sameBits(out, expected), "\(label)")
      }
    }

    @Test func worksInPlaceAndForShortRuns() {
      for count in 0...40 {
        var values = (0..<count).map { Float($0) / 8 - 2 }
        let expected = values.map { ElementaryFunctions.exp($0) }
        values.withUnsafeMutableBufferPointer {
          strata_map_unary(
            Int32(STRATA_EW_EXP.rawValue), $0.baseAddress, $0.baseAddress, Int64(count))
        }
        #expect(values == expected)
      }
    }
  }
}
