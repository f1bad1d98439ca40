import StrataTensor

/// Random programs over small tensors, for comparing executors.
struct RandomGraph {
  let graph = Graph()
  private(set) var inputs: [(id: NodeID, values: [Float], shape: Shape)] = []
  private(set) var values: [Tensor] = []
  private var random: Philox

  init(seed: UInt64, operations: Int) {
    random = Philox(seed: seed, name: "graph")
    for _ in 0..<3 { addInput() }
    for _ in 0..<(2 * operations) where values.count < operations + 3 { addOperation() }
  }

  /// Every node that is a result.
  var outputs: [NodeID] { values.suffix(4).map(graph.node(for:)) }

  private mutating func pick(_ count: Int) -> Int {
    min(Int(random.uniform(count: 1)[0] * Float(count)), count - 1)
  }
  private mutating func pick<Element>(_ list: [Element]) -> Element { list[pick(list.count)] }

  private static let sizes = [1, 2, 3, 5, 7, 16, 17, 33]
  private static let special: [Float] = [
    0, -0.0, .infinity, -.infinity, .nan, Float(bitPattern: 700), Float(bitPattern: 0x8000_1000),
    3e38, -3e38, 1, -1, 0.5,
  ]

  private mutating func addInput() {
    let rank = pick(3) + 1
    var sizes: [Int] = []
    for _ in 0..<rank { sizes.append(pick(Self.sizes)) }
    if pick(40) == 0 { sizes[0] = 0 }
    let shape = Shape(sizes)
    let isWild = pick(4) == 0
    var values = random.normal(count: shape.count)
    if isWild { for i in values.indices where pick(3) == 0 { values[i] = pick(Self.special) } }
    let tensor = graph.input(TensorType(shape), .argument("\(inputs.count)"))
    inputs.append((graph.node(for: tensor), values, shape))
    self.values.append(tensor)
  }

  private mutating func addOperation() {
    let x = pick(values)
    let result: Tensor
    switch pick(14) {
    case 0, 1, 2: result = .apply(pick(UnaryFunction.allCases), [x])
    case 3, 4, 5: result = .apply(pick(BinaryFunction.allCases), [x, partner(of: x)])
    case 6: result = .select(x.isGreater(than: 0), x, partner(of: x))
    case 7: result = reduction(of: x)
    case 8: result = layout(of: x)
    case 9: result = product(of: x)
    case 10: result = x.rank == 0 ? x : .concatenate([x, x * 0.5], axis: pick(x.rank))
    case 11: result = x.rank > 0 && x.shape.last > 0 ? x.argMax() : x
    default: result = windowed(x)
    }
    guard result.shape.count <= 20_000 else { return }
    values.append(result)
  }

  private mutating func partner(of x: Tensor) -> Tensor {
    let fitting = values.filter { $0.shape.broadcast(with: x.shape) == x.shape }
    return pick(4) == 0 ? Tensor(random.normal(count: 1)[0]) : pick(fitting)
  }

  private mutating func reduction(of x: Tensor) -> Tensor {
    guard x.rank > 0 else { return x }
    let axes = (0..<x.rank).filter { _ in pick(2) == 0 }
    let keeps = pick(2) == 0
    if pick(3) == 0, !x.shape.dimensions.contains(0) {
      return x.max(axes: axes, keepingDimensions: keeps)
    }
    return x.sum(axes: axes, keepingDimensions: keeps)
  }

  private mutating func layout(of x: Tensor) -> Tensor {
    guard x.rank > 0 else { return x.broadcast(to: [3, 2]) }
    let axis = pick(x.rank)
    switch pick(5) {
    case 0: return x.transposed(Array((0..<x.rank).reversed()))
    case 1: return x.reversed([axis])
    case 2: return x.reshaped([x.shape.count])
    case 3:
      let pads = (0..<x.rank).map { _ in pick(2) }
      return x.padded(before: pads, after: pads.reversed())
    default:
      let size = x.shape[axis]
      let start = size == 0 ? 0 : pick(size)
      return x.slice(axis: axis, start..<size)
    }
  }

  private mutating func product(of x: Tensor) -> Tensor {
    let other = pick(values)
    if x.rank >= 1, other.rank == 2, other.shape[0] == x.shape.last { return x.matmul(other) }
    if x.rank == 2, other.rank == 2, other.shape[1] == x.shape[1] {
      return x.matmul(other, transposeB: true)
    }
    return x.rank == 2 ? x.matmul(x, transposeA: true) : x
  }

  /// A convolution, a pooling, or one of their derivatives, of `x` seen as images.
  private mutating func windowed(_ x: Tensor) -> Tensor {
    guard x.rank > 0, x.rank < 4, x.shape.count > 0, x.shape.count < 3000 else { return x }
    let sizes = x.shape.dimensions
    let image = x.reshaped(
      [[1, sizes.first ?? 1, 1, 1], [1, sizes[0], 1, sizes.last ?? 1], [1] + sizes]
        .map(Shape.init)[x.rank - 1])
    let isPooling = pick(2) == 0
    let window = Window2D(
      rows: axis(image.shape[1], isPooling), columns: axis(image.shape[2], isPooling))
    return isPooling ? pooling(image, window) : convolution(image, window)
  }

  private mutating func axis(_ count: Int, _ isPooling: Bool) -> WindowAxis {
    var axis = WindowAxis(
      size: pick(3) + 1, stride: pick(3) + 1, dilation: isPooling ? 1 : pick(2) + 1,
      before: pick(3), output: 1)
    axis.before = min(axis.before, axis.size - 1)
    let after = pick(axis.before + 2)
    let free = count + axis.before + after - (axis.size - 1) * axis.dilation - 1
    axis.output = max(free, 0) / axis.stride + 1
    return axis
  }

  private mutating func convolution(_ image: Tensor, _ window: Window2D) -> Tensor {
    let channels = image.shape[3]
    let groups = pick([1, channels, channels % 2 == 0 ? 2 : 1])
    let filters = groups * (pick(3) + 1)
    let shape = Shape([window.rows.size, window.columns.size, channels / groups, filters])
    let kernel = Tensor(random.normal(count: shape.count), shape: shape)
    let bias = pick(2) == 0 ? Tensor(random.normal(count: filters), shape: [filters]) : nil
    let y = image.convolution2D(kernel, bias: bias, window: window, groups: groups)
    switch pick(3) {
    case 0: return y
    case 1: return .apply(Convolution2DKernel(window: window, groups: groups), [image, y])
    default:
      return y.transposedConvolution2D(
        kernel, window: window, groups: groups, rows: image.shape[1], columns: image.shape[2])
    }
  }

  private mutating func pooling(_ image: Tensor, _ window: Window2D) -> Tensor {
    let (ties, counts) = (pick([PoolingTies.first, .all]), pick(2) == 0)
    let (most, mean) = (
      image.maxPooling2D(window, ties: ties),
      image.averagePooling2D(window, countsPadding: counts)
    )
    switch pick(4) {
    case 0: return most
    case 1: return mean
    case 2:
      return .apply(MaxPooling2DGradient(window: window, ties: ties), [image, most, mean])
    default:
      return .apply(
        AveragePooling2DGradient(
          window: window, countsPadding: counts, rows: image.shape[1], columns: image.shape[2]),
        [most])
    }
  }
}
