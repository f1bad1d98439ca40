import StrataTensor
import Testing

@Suite struct GradientTests {
  /// d/dx Σ x² = 2x.
  @Test func ofASumOfSquares() throws {
    let (value, gradients) = try valueAndGradient(at: [Tensor([1, -2, 3] as [Float], shape: [3])]) {
      $0[0].square().sum()
    }
    #expect(try value.scalar() == 14)
    #expect(try gradients[0].floats() == [2, -4, 6])
  }

  /// A value that is used twice gets both contributions: d/dx (x·x + x) = 2x + 1.
  @Test func addsContributionsOfAllUses() throws {
    let (_, gradients) = try valueAndGradient(at: [Tensor(3)]) { $0[0] * $0[0] + $0[0] }
    #expect(try gradients[0].scalar() == 7)
  }

  @Test func aLossIsOneNumber() {
    #expect(throws: OperationError.self) {
      try valueAndGradient(at: [Tensor([1, 2] as [Float], shape: [2])]) { $0[0].square() }
    }
  }

  @Test func stacksAlongAnyNewAxis() throws {
    let rows = [Tensor([1, 2] as [Float], shape: [2]), Tensor([3, 4] as [Float], shape: [2])]
    #expect(try Tensor.stack(rows).floats() == [1, 2, 3, 4])
    #expect(try Tensor.stack(rows, axis: -1).floats() == [1, 3, 2, 4])
    #expect(throws: OperationError.self) { try Tensor.stack(rows, axis: 3).floats() }
  }

  @Test func isZeroWhereTheLossDoesNotDepend() throws {
    let (_, gradients) = try valueAndGradient(at: [
      Tensor(3), Tensor([1, 2] as [Float], shape: [2]),
    ]) {
      $0[0] * 2
    }
    #expect(try gradients[1].floats() == [0, 0])
  }

  @Test(arguments: DerivativeCase.all)
  func agreesWithFiniteDifferences(_ item: DerivativeCase) throws {
    #expect(try item.largestError() < 1e-6)
  }

  /// 100,000 chained operations are traced, differentiated, planned and released.
  @Test func survivesALongChain() throws {
    let function = try Function(
      gradientOf: { tensors in
        var x = tensors[0]
        for _ in 0..<100_000 { x = x + 1 }
        return x
      }, arguments: [TensorType([])], variables: [0])
    let results = try function(Tensor(0.5))
    #expect(try results[0].scalar() == 100_000.5)
    #expect(try results[1].scalar() == 1)
  }

  @Test func namesTheOperationAndShapesOfAnError() throws {
    let x = Tensor.zeros([2, 3])
    let error = #expect(throws: OperationError.self) {
      try x.matmul(Tensor.zeros([4, 5])).floats()
    }
    #expect(
      error?.description
        == "matmul: expected float32 matrices whose inner sizes agree, but got [1, 2, 3] and [1, 4, 5]."
    )
  }
}

/// A function of one tensor whose derivative is compared with central differences in Float64.
struct DerivativeCase: Sendable, CustomTestStringConvertible {
  var name: String
  var shape: Shape
  var body: @Sendable (Tensor) -> Tensor
  var testDescription: String { name }

  func largestError() throws -> Double {
    let graph = Graph()
    let x = graph.input(TensorType(shape), .argument("x"))
    // A fixed weighting, so that no gradient cancels.
    let y = body(x)
    let weights = (0..<y.shape.count).map { Float(($0 * 7) % 5) - 1.75 }
    let loss = (y * Tensor(weights, shape: y.shape)).sum()
    let gradient = Gradient.of(loss, withRespectTo: [x])[0]
    if let error = graph.error { throw error }
    let id = graph.node(for: x)
    let (lossNode, gradientNode) = (graph.node(for: loss), graph.node(for: gradient))
    let point = (0..<shape.count).map { 0.3 + 0.17 * Double(($0 * 5) % 7) }
    func run(_ values: [Double], _ output: NodeID) -> [Double] {
      ReferenceExecutor<Double>().run(
        graph, inputs: [id: ReferenceBuffer(shape, .real(values))], outputs: [output])[0].reals
    }
    let analytic = run(point, gradientNode)
    let step = 1e-5
    return point.indices.map { index in
      var (up, down) = (point, point)
      up[index] += step
      down[index] -= step
      let numeric = (run(up, lossNode)[0] - run(down, lossNode)[0]) / (2 * step)
      return abs(numeric - analytic[index]) / max(1, abs(numeric))
    }.max() ?? 0
  }

  static let all: [DerivativeCase] =
    UnaryFunction.allCases.filter { ![.sign, .floor, .rint].contains($0) }.map { function in
      DerivativeCase(name: function.name, shape: [5]) { .apply(function, [$0]) }
    } + [
      DerivativeCase(name: "add broadcast", shape: [3]) { $0 + Tensor.full([2, 3], 0.5) },
      DerivativeCase(name: "subtract", shape: [2, 3]) { Tensor.full([3], 2) - $0 },
      DerivativeCase(name: "multiply itself", shape: [4]) { $0 * $0 * 2 },
      DerivativeCase(name: "divide", shape: [4]) { Tensor(3) / $0 / ($0 + 1) },
      DerivativeCase(name: "power", shape: [4]) { $0.power(Tensor(2.5)) + Tensor(1.5).power($0) },
      DerivativeCase(name: "maximum", shape: [5]) { .maximum($0, Tensor(0.7)) },
      DerivativeCase(name: "minimum", shape: [5]) { .minimum($0, Tensor(0.7)) },
      DerivativeCase(name: "select", shape: [5]) {
        .select($0.isGreater(than: 0.7), $0 * 3, $0.square())
      },
      DerivativeCase(name: "clipped", shape: [5]) { $0.clipped(0.4, 0.9) },
      DerivativeCase(name: "sum", shape: [2, 3, 2]) { $0.sum(axes: [0, 2]) },
      DerivativeCase(name: "mean", shape: [2, 3]) { $0.mean(axes: [1], keepingDimensions: true) },
      DerivativeCase(name: "max", shape: [3, 5]) { $0.max(axes: [1]) },
      DerivativeCase(name: "matmul", shape: [3, 2]) { $0.matmul(.full([2, 4], 0.3)) },
      DerivativeCase(name: "matmul right", shape: [3, 2]) { Tensor.full([5, 3], 0.3).matmul($0) },
      DerivativeCase(name: "matmul transposed", shape: [3, 2]) {
        $0.matmul($0, transposeA: true).matmul(.full([4, 2], 0.1), transposeB: true)
      },
      DerivativeCase(name: "batched matmul", shape: [2, 3, 2]) {
        $0.matmul($0, transposeB: true)
      },
      DerivativeCase(name: "transpose", shape: [2, 3, 2]) { $0.transposed([2, 0, 1]) },
      DerivativeCase(name: "slice", shape: [4, 3]) { $0.slice(axis: 0, 1..<3) },
      DerivativeCase(name: "pad", shape: [2, 2]) { $0.padded(before: [1, 0], after: [0, 2]) },
      DerivativeCase(name: "reverse", shape: [3, 2]) { $0.reversed([0]) * $0 },
      DerivativeCase(name: "concatenate", shape: [2, 2]) { .concatenate([$0, $0 * 2], axis: 1) },
      DerivativeCase(name: "broadcast", shape: [3, 1]) { $0.broadcast(to: [2, 3, 4]) },
      DerivativeCase(name: "gather", shape: [4, 2]) {
        $0.gather(Tensor([1, 3, 1] as [Int32], shape: [3]))
      },
    ] + windowed + RecurrentCell.Kind.allCases.flatMap(recurrent)

  private static let window = Window2D(
    rows: WindowAxis(size: 2, stride: 2, before: 1, output: 3),
    columns: WindowAxis(size: 3, dilation: 2, before: 2, output: 4))
  private static let pool = Window2D(
    rows: WindowAxis(size: 2, stride: 2, before: 1, output: 3),
    columns: WindowAxis(size: 3, before: 1, output: 4))

  private static func numbers(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { Float(($0 * 11) % 7) / 5 - 0.6 }, shape: shape)
  }

  /// Convolutions and poolings with respect to each operand, and the derivatives of derivatives.
  static let windowed: [DerivativeCase] = [
    DerivativeCase(name: "convolution, image", shape: [2, 5, 4, 4]) {
      $0.convolution2D(
        numbers([2, 3, 2, 6]), bias: numbers([6]), window: window, groups: 2)
    },
    DerivativeCase(name: "convolution, kernel", shape: [2, 3, 2, 6]) {
      numbers([2, 5, 4, 4]).convolution2D($0, window: window, groups: 2)
    },
    DerivativeCase(name: "convolution, bias", shape: [6]) {
      numbers([2, 5, 4, 4]).convolution2D(
        numbers([2, 3, 4, 6]), bias: $0, window: window)
    },
    DerivativeCase(name: "transposed convolution", shape: [2, 3, 4, 6]) {
      $0.transposedConvolution2D(
        numbers([2, 3, 2, 6]), window: window, groups: 2, rows: 5, columns: 4)
    },
    DerivativeCase(name: "transposed convolution, kernel", shape: [2, 3, 2, 6]) {
      numbers([2, 3, 4, 6]).transposedConvolution2D(
        $0, window: window, groups: 2, rows: 5, columns: 4)
    },
    DerivativeCase(name: "kernel derivative, image", shape: [2, 5, 4, 4]) {
      .apply(Convolution2DKernel(window: window, groups: 2), [$0, numbers([2, 3, 4, 6])])
    },
    DerivativeCase(name: "kernel derivative, output", shape: [2, 3, 4, 6]) {
      .apply(Convolution2DKernel(window: window, groups: 2), [numbers([2, 5, 4, 4]), $0])
    },
    DerivativeCase(name: "max pooling", shape: [1, 5, 4, 2]) {
      ($0 * numbers([1, 5, 4, 2])).maxPooling2D(pool)
    },
    DerivativeCase(name: "average pooling", shape: [1, 5, 4, 2]) { $0.averagePooling2D(pool) },
    DerivativeCase(name: "average pooling, padding counted", shape: [1, 5, 4, 2]) {
      $0.averagePooling2D(pool, countsPadding: true)
    },
    DerivativeCase(name: "average pooling derivative", shape: [1, 3, 4, 2]) {
      .apply(
        AveragePooling2DGradient(window: pool, countsPadding: false, rows: 5, columns: 4), [$0])
    },
  ]

  /// A recurrent layer, as a function of its products, weights and bias.
  private static func recurrent(_ kind: RecurrentCell.Kind) -> [DerivativeCase] {
    let gates = [1, 4, 3, 3][RecurrentCell.Kind.allCases.firstIndex(of: kind) ?? 0]
    let (width, rows) = (gates * 2, kind == .gruResetAfter ? 2 : 1)
    let shapes: [Shape] = [[3, 2, width], [2, width], [rows * width]]
    return shapes.indices.map { varied in
      DerivativeCase(name: "\(kind) operand \(varied)", shape: shapes[varied]) { x in
        let constants = shapes.map { shape in
          Tensor((0..<shape.count).map { Float($0 % 5) * 0.2 - 0.3 }, shape: shape)
        }
        let mask = Tensor([1, 1, 0, 1, 1, 1] as [Float], shape: [3, 2])
        let all = constants.indices.map { $0 == varied ? x : constants[$0] }
        return .recurrent(
          RecurrentCell(kind, activation: .tanh), products: all[0], weights: all[1], bias: all[2],
          mask: mask, returnsSequence: true)
      }
    }
  }
}
