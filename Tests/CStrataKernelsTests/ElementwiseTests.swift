import CStrataKernels
import StrataTensor
import TestSupport
import Testing

/// A micro-operation with one, two or three operands, and its scalar definition.
struct MicroOperation: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var op: strata_micro_op
  var arity: Int
  var scalar: @Sendable (Float, Float, Float) -> Float

  init(
    _ name: String, _ op: strata_micro_op, _ arity: Int,
    _ scalar: @escaping @Sendable (Float, Float, Float) -> Float
  ) {
    testDescription = name
    self.op = op
    self.arity = arity
    self.scalar = scalar
  }
}

let microOperations: [MicroOperation] = [
  MicroOperation("add", STRATA_EW_ADD, 2) { a, b, _ in a + b },
  MicroOperation("sub", STRATA_EW_SUB, 2) { a, b, _ in a - b },
  MicroOperation("mul", STRATA_EW_MUL, 2) { a, b, _ in a * b },
  MicroOperation("div", STRATA_EW_DIV, 2) { a, b, _ in a / b },
  MicroOperation("max", STRATA_EW_MAX, 2) { a, b, _ in a > b || a.isNaN ? a : b },
  MicroOperation("min", STRATA_EW_MIN, 2) { a, b, _ in a < b || a.isNaN ? a : b },
  MicroOperation("pow", STRATA_EW_POW, 2) { a, b, _ in ElementaryFunctions.pow(a, b) },
  MicroOperation("lt", STRATA_EW_LT, 2) { a, b, _ in a < b ? 1 : 0 },
  MicroOperation("le", STRATA_EW_LE, 2) { a, b, _ in a <= b ? 1 : 0 },
  MicroOperation("gt", STRATA_EW_GT, 2) { a, b, _ in a > b ? 1 : 0 },
  MicroOperation("ge", STRATA_EW_GE, 2) { a, b, _ in a >= b ? 1 : 0 },
  MicroOperation("eq", STRATA_EW_EQ, 2) { a, b, _ in a == b ? 1 : 0 },
  MicroOperation("ne", STRATA_EW_NE, 2) { a, b, _ in a != b ? 1 : 0 },
  MicroOperation("select", STRATA_EW_SELECT, 3) { a, b, c in a != 0 ? b : c },
  MicroOperation("fma", STRATA_EW_FMA, 3) { a, b, c in c.addingProduct(a, b) },
  MicroOperation("neg", STRATA_EW_NEG, 1) { a, _, _ in -a },
  MicroOperation("abs", STRATA_EW_ABS, 1) { a, _, _ in abs(a) },
  MicroOperation("sign", STRATA_EW_SIGN, 1) { a, _, _ in a > 0 ? 1 : a < 0 ? -1 : a },
  MicroOperation("sqrt", STRATA_EW_SQRT, 1) { a, _, _ in a.squareRoot() },
  MicroOperation("exp", STRATA_EW_EXP, 1) { a, _, _ in ElementaryFunctions.exp(a) },
  MicroOperation("log", STRATA_EW_LOG, 1) { a, _, _ in ElementaryFunctions.log(a) },
  MicroOperation("tanh", STRATA_EW_TANH, 1) { a, _, _ in ElementaryFunctions.tanh(a) },
  MicroOperation("sigmoid", STRATA_EW_SIGMOID, 1) { a, _, _ in ElementaryFunctions.sigmoid(a) },
  MicroOperation("floor", STRATA_EW_FLOOR, 1) { a, _, _ in a.rounded(.down) },
  MicroOperation("rint", STRATA_EW_RINT, 1) { a, _, _ in a.rounded(.toNearestOrEven) },
]

extension KernelTests {
  @Suite struct Elementwise {
    /// A broadcast operand spread out over `dims`.
    static func expand(_ values: [Float], _ strides: [Int], _ dims: [Int]) -> [Float] {
      let count = dims.reduce(1, *)
      return (0..<count).map { linear in
        var (rest, offset) = (linear, 0)
        for i in dims.indices.reversed() {
          offset += rest % dims[i] * strides[i]
          rest /= dims[i]
        }
        return values[offset]
      }
    }

    /// Random strides: dense, with broadcast dimensions, or dense in another order of dimensions.
    static func randomStrides(_ dims: [Int], _ random: inout Sequence64) -> [Int] {
      switch random.next() % 4 {
      case 0: return denseStrides(dims)
      case 1:
        let kept = dims.map { random.next() % 2 == 0 ? $0 : 1 }
        return zip(denseStrides(kept), kept).map { $1 == 1 ? 0 : $0 }
      case 2: return [Int](repeating: 0, count: dims.count)
      default: return denseStrides(dims.reversed()).reversed()
      }
    }

    @Test(arguments: microOperations)
    func everyOperationOverBroadcastOperands(_ operation: MicroOperation) {
      var random = Sequence64(UInt64(operation.op.rawValue) + 100)
      for dims in [[1], [5, 7], [16, 33], [3, 1, 19], [2, 3, 4, 5], [40, 29], [0, 4]] {
        let count = dims.reduce(1, *)
        let strides = (0..<3).map { _ in Self.randomStrides(dims, &random) }
        let inputs = strides.map { _ in random.wildValues(max(count, 1)) }
        let spread = zip(inputs, strides).map { Self.expand($0, $1, dims) }
        let expected = (0..<count).map {
          operation.scalar(spread[0][$0], spread[1][$0], spread[2][$0])
        }
        let code =
          (0..<Int32(operation.arity)).flatMap { micro(STRATA_EW_LOAD, $0, $0 + 1) }
          + micro(operation.op, 3, 0, 1, 2) + micro(STRATA_EW_STORE, 0, 3)
        let call = KernelCall(
          opcode: STRATA_ELEMENTWISE, dims: dims, code: code,
          operands: [(0, 0, denseStrides(dims))] + strides.enumerated().map { ($0 + 1, 0, $1) })
        withEveryConfiguration(threads: [1, 2]) { label in
          let out = call([[Float](repeating: 9, count: count)] + inputs)[0]
          #expect(sameBits(out, expected), "\(operation.testDescription) \(dims) \(label)")
        }
      }
    }

    /// A vector of features for every row: it comes again with every tile, every few tiles, or not.
    @Test(arguments: [
      [200, 16], [131, 64], [9, 1024], [70, 48], [41, 512], [3, 500, 4], [1500, 1],
    ])
    func vectorsOfFeatures(_ dims: [Int]) {
      var random = Sequence64(7)
      let (count, width) = (dims.reduce(1, *), dims[dims.count - 1])
      let strides = [Int](repeating: 0, count: dims.count - 1) + [1]
      let (x, scale, shift) = (
        random.values(count), random.values(width), random.values(width)
      )
      let expected = (0..<count).map { x[$0] * scale[$0 % width] + shift[$0 % width] }
      let code =
        (0..<3).flatMap { micro(STRATA_EW_LOAD, $0, $0 + 1) } + micro(STRATA_EW_MUL, 3, 0, 1)
        + micro(STRATA_EW_ADD, 3, 3, 2) + micro(STRATA_EW_STORE, 0, 3)
      let dense = denseStrides(dims)
      let call = KernelCall(
        opcode: STRATA_ELEMENTWISE, dims: dims, code: code,
        operands: [(0, 0, dense), (1, 0, dense), (2, 0, strides), (3, 0, strides)])
      withEveryConfiguration(threads: [1, 2]) { label in
        let out = call([[Float](repeating: 9, count: count), x, scale, shift])[0]
        #expect(sameBits(out, expected), "\(dims) \(label)")
      }
    }

    /// An optimizer's shape: several outputs, each over one of the inputs, constants and a scalar.
    @Test(arguments: [1, 15, 16, 100, 511, 512, 513, 5000, 70001])
    func updatesInPlace(_ count: Int) {
      var random = Sequence64(UInt64(count))
      let (w, m, g) = (random.values(count), random.values(count), random.values(count))
      let rate = random.values(1)
      // m = 0.9 m + g; w = w - rate m; the old w is needed again after it was stored.
      let code =
        micro(STRATA_EW_LOAD, 0, 0) + micro(STRATA_EW_LOAD, 1, 1) + micro(STRATA_EW_LOAD, 2, 2)
        + micro(STRATA_EW_LOAD, 3, 3)
        + micro(STRATA_EW_CONST, 4, Int32(bitPattern: Float(0.9).bitPattern))
        + micro(STRATA_EW_MUL, 5, 1, 4) + micro(STRATA_EW_ADD, 5, 5, 2)
        + micro(STRATA_EW_STORE, 1, 5) + micro(STRATA_EW_MUL, 6, 5, 3)
        + micro(STRATA_EW_SUB, 7, 0, 6) + micro(STRATA_EW_STORE, 0, 7)
        + micro(STRATA_EW_ADD, 8, 0, 7) + micro(STRATA_EW_STORE, 4, 8)
      let newM = zip(m, g).map { $0 * 0.9 + $1 }
      let newW = zip(w, newM).map { $0 - $1 * rate[0] }
      let sum = zip(w, newW).map { $0 + $1 }
      let call = KernelCall(
        opcode: STRATA_ELEMENTWISE, dims: [count], code: code,
        operands: [(0, 0, [1]), (1, 0, [1]), (2, 0, [1]), (3, 0, [0]), (4, 0, [1])])
      withEveryConfiguration { label in
        let out = call([w, m, g, rate, w])
        #expect(sameBits(out[0], newW), "w, \(count), \(label)")
        #expect(sameBits(out[1], newM), "m, \(count), \(label)")
        #expect(sameBits(out[4], sum), "sum, \(count), \(label)")
      }
    }

    @Test func storesOneValueTwiceAndCopies() {
      let x: [Float] = (0..<77).map { Float($0) }
      let code =
        micro(STRATA_EW_LOAD, 0, 0) + micro(STRATA_EW_ADD, 1, 0, 0) + micro(STRATA_EW_STORE, 1, 1)
        + micro(STRATA_EW_STORE, 2, 1) + micro(STRATA_EW_STORE, 3, 0)
        + micro(STRATA_EW_NEG, 1, 1) + micro(STRATA_EW_STORE, 4, 1)
      let zero = [Float](repeating: 0, count: 77)
      let call = KernelCall(
        opcode: STRATA_ELEMENTWISE, dims: [7, 11], code: code,
        operands: (0..<5).map { ($0, 0, [11, 1]) })
      withEveryConfiguration(threads: [1]) { label in
        let out = call([x, zero, zero, zero, zero])
        let double = x.map { $0 + $0 }
        #expect(out[1] == double && out[2] == double && out[3] == x, "\(label)")
        #expect(out[4] == double.map { -$0 }, "\(label)")
      }
    }
  }
}
