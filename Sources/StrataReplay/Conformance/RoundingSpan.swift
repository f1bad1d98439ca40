internal import StrataTensor

/// How far the results of a training come to lie apart when its initial weights differ in the last
/// bit.
struct RoundingSpan {
  /// For each array, the largest distance of any two runs.
  private(set) var distances: [Double]

  init(of first: [[Float]], runs: Int, _ run: (Int) throws -> [[Float]]) throws {
    var (low, high) = (first, first)
    for number in 0..<runs {
      for (index, values) in try run(number).enumerated() where index < low.count {
        low[index] = zip(low[index], values).map { min($0, $1) }
        high[index] = zip(high[index], values).map { max($0, $1) }
      }
    }
    distances = zip(low, high).map { pair in
      zip(pair.0, pair.1).map { Double($1 - $0) }.max() ?? 0
    }
  }

  /// Every value but zeros moved up or down by one unit in the last place, at random.
  static func moved(_ weights: Tensor, _ run: Int) throws -> Tensor {
    let values = try weights.floats()
    var random = Philox(seed: UInt64(run), name: "perturbation")
    let draws = random.uniform(count: values.count)
    return Tensor(
      zip(values, draws).map { value, draw in
        value == 0 ? value : draw < 0.5 ? value.nextUp : value.nextDown
      }, shape: weights.shape)
  }
}
