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
    switch pick(12) {
    case 0, 1, 2: result = .apply(pick(UnaryFunction.allCases), [x])
    case 3, 4, 5: result = .apply(pick(BinaryFunction.allCases), [x, partner(of: x)])
    case 6: result = .select(x.isGreater(than: 0), x, partner(of: x))
    case 7: result = reduction(of: x)
    case 8: result = layout(of: x)
    case 9: result = product(of: x)
    case 10: result = x.rank == 0 ? x : .concatenate([x, x * 0.5], axis: pick(x.rank))
    default: result = x.rank > 0 && x.shape.last > 0 ? x.argMax() : x
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
}
