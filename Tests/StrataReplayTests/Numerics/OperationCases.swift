import StrataTensor

extension OperationCase {
  static let unary = UnaryFunction.allCases.map { function in
    OperationCase(function.name) { .apply(function, [$0.wild([5, 31])]) }
  }

  static let binary =
    BinaryFunction.allCases.flatMap { function in
      [
        OperationCase(function.name) { .apply(function, [$0.wild([7, 19]), $0.wild([7, 19])]) },
        OperationCase("\(function.name), broadcast") {
          .apply(function, [$0.real([3, 1, 5], scale: 3), $0.real([17, 1])])
        },
      ]
    } + [
      OperationCase("select") {
        .select($0.bits([4, 1]), $0.wild([4, 33]), $0.real([33]))
      },
      OperationCase("clipped") { $0.wild([47]).clipped(-0.5, 1.25) },
      OperationCase("detach") { trace in
        let x = trace.wild([13])
        return x.detached() * x
      },
      OperationCase("broadcast") { $0.real([3, 1]).broadcast(to: [2, 3, 5]) },
    ]

  static let reductions = [
    OperationCase("sum, a row of several chunks") { $0.real([40_001]).sum() },
    OperationCase("sum, rows of several chunks") { $0.real([9, 20_003]).sum(axes: [1]) },
    OperationCase("sum, rows") { $0.real([5, 101]).sum(axes: [1]) },
    OperationCase("sum, columns of several chunks") { $0.real([1103, 7]).sum(axes: [0]) },
    OperationCase("sum, outer and inner axes") { $0.real([3, 17, 5]).sum(axes: [0, 2]) },
    OperationCase("sum, nothing") { $0.real([0, 3]).sum(axes: [0]) },
    OperationCase("sum, special values") { $0.wild([9, 16]).sum(axes: [1]) },
    OperationCase("mean") { $0.real([7, 33]).mean(axes: [0], keepingDimensions: true) },
    OperationCase("max, rows") { $0.wild([6, 37]).max(axes: [1]) },
    OperationCase("max, columns") { $0.wild([6, 37]).max(axes: [0]) },
    OperationCase("min") { $0.real([5, 21]).min(axes: [0, 1]) },
    OperationCase("argMax") { $0.wild([8, 23]).argMax() },
  ]

  static let layouts = [
    OperationCase("reshape") { $0.real([3, 10]).reshaped([5, 6]).square() },
    OperationCase("transpose") { $0.real([3, 5, 7]).transposed([2, 0, 1]) },
    OperationCase("slice") { $0.real([7, 9]).slice(axis: 1, 2..<7).square() },
    OperationCase("pad") { $0.real([3, 5]).padded(before: [1, 0], after: [2, 3]) },
    OperationCase("reverse") { $0.real([5, 7]).reversed([0, 1]) },
    OperationCase("concatenate") {
      .concatenate([$0.real([2, 3]), $0.real([2, 1]), $0.real([2, 5])], axis: 1)
    },
  ]

  static let indexing = [
    OperationCase("gather") { $0.real([11, 5]).gather($0.integers([17], below: 13)) },
    // Its gradient is the scatter-add.
    OperationCase("gather, repeated rows") {
      $0.real([6, 3]).gather($0.integers([23], below: 7))
    },
    OperationCase("convert to integers") { $0.wild([45]).asInt32() },
    OperationCase("convert to reals") { $0.integers([45], below: 1 << 30).asFloat32() },
  ]

  static let products = [
    OperationCase("matmul") { $0.real([37, 53]).matmul($0.real([53, 19])) },
    OperationCase("matmul, one row") { $0.real([1, 301]).matmul($0.real([301, 67])) },
    OperationCase("matmul, long chains") { $0.real([17, 1025]).matmul($0.real([1025, 33])) },
    OperationCase("matmul, a transposed") {
      $0.real([29, 13]).matmul($0.real([29, 18]), transposeA: true)
    },
    OperationCase("matmul, b transposed") {
      $0.real([13, 29]).matmul($0.real([18, 29]), transposeB: true)
    },
    OperationCase("matmul, batches") { $0.real([3, 5, 7]).matmul($0.real([3, 7, 2])) },
    OperationCase("matmul, nothing to sum") { $0.real([3, 0]).matmul($0.real([0, 2])) },
    OperationCase("matmul, special values") { $0.wild([5, 30]).matmul($0.wild([30, 7])) },
  ]

  static let recurrent = RecurrentCell.Kind.allCases.flatMap { kind in
    GateActivation.allCases.enumerated().map { index, gate in
      let inner = GateActivation.allCases[(index + 3) % GateActivation.allCases.count]
      return OperationCase("recurrent \(kind), \(gate) and \(inner)") { trace in
        let gates = [1, 4, 3, 3][RecurrentCell.Kind.allCases.firstIndex(of: kind) ?? 0]
        let (units, rows) = (5 + index, kind == .gruResetAfter ? 2 : 1)
        return .recurrent(
          RecurrentCell(kind, activation: gate, inner: inner),
          products: trace.real([4, 3, gates * units]),
          weights: trace.real([units, gates * units], scale: 0.5),
          bias: trace.real([rows * gates * units]),
          mask: index % 2 == 0 ? nil : trace.bits([4, 3]), returnsSequence: index % 3 != 0)
      }
    }
  }
}

extension OperationCase {
  private static let window = Window2D(
    rows: WindowAxis(size: 2, stride: 2, before: 1, output: 3),
    columns: WindowAxis(size: 3, dilation: 2, before: 2, output: 4))
  private static let plain = Window2D(
    rows: WindowAxis(size: 3, before: 1, output: 7),
    columns: WindowAxis(size: 3, before: 1, output: 9))
  private static let pool = Window2D(
    rows: WindowAxis(size: 2, stride: 2, before: 1, output: 3),
    columns: WindowAxis(size: 3, before: 1, output: 4))

  /// Each with its gradients, which are the other convolutions and the poolings' derivatives.
  static let windows = [
    OperationCase("convolution2D") {
      $0.real([2, 7, 9, 5]).convolution2D(
        $0.real([3, 3, 5, 11]), bias: $0.real([11]), window: plain)
    },
    OperationCase("convolution2D, groups, strides, dilation") {
      $0.real([2, 5, 4, 4]).convolution2D($0.real([2, 3, 2, 6]), window: window, groups: 2)
    },
    OperationCase("convolution2D, depthwise") {
      $0.real([2, 7, 9, 6]).convolution2D($0.real([3, 3, 1, 12]), window: plain, groups: 6)
    },
    OperationCase("convolution2D, special values") {
      $0.wild([1, 7, 9, 3]).convolution2D($0.real([3, 3, 3, 4]), window: plain)
    },
    OperationCase("convolution2D, transposed") {
      $0.real([2, 3, 4, 6]).transposedConvolution2D(
        $0.real([2, 3, 2, 6]), window: window, groups: 2, rows: 5, columns: 4)
    },
    OperationCase("convolution2D, with respect to the kernel") {
      .apply(
        Convolution2DKernel(window: window, groups: 2),
        [$0.real([2, 5, 4, 4]), $0.real([2, 3, 4, 6])])
    },
    OperationCase("maxPooling2D, first tie") {
      $0.wild([2, 5, 4, 3]).maxPooling2D(pool, ties: .first)
    },
    OperationCase("maxPooling2D, all ties") {
      $0.bits([2, 5, 4, 3]).maxPooling2D(pool, ties: .all)
    },
    OperationCase("averagePooling2D") { $0.real([2, 5, 4, 3]).averagePooling2D(pool) },
    OperationCase("averagePooling2D, padding counted") {
      $0.real([2, 5, 4, 17]).averagePooling2D(pool, countsPadding: true)
    },
  ]
}
