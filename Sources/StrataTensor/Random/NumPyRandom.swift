/// The random stream of NumPy 1.x, `numpy.random.RandomState`, draw for draw.
///
/// Keras before version 3 draws the order of the samples and, before version 2, the initial weights
/// from NumPy's global stream; `np.random.seed(n)` is `NumPyRandom(seed: n)`. Integers, uniform
/// values, orders and permutations equal NumPy's to the bit. Normal values pass through a logarithm,
/// which is Strata's own: about one in a hundred differs, by at most 2 ulp of Float64, so that after
/// rounding to Float32 they nearly always agree to the bit.
///
/// Source: NumPy 1.13.3, `numpy/random/mtrand` (the stream did not change in later 1.x releases).
public struct NumPyRandom: Sendable, Equatable {
  var core: MT19937
  /// The second value of the last pair of normal values, not yet handed out.
  var spareGauss: Double?

  /// The stream after `np.random.seed(seed)`.
  public init(seed: UInt32) {
    self.core = MT19937(seed: seed)
  }

  /// The stream after `np.random.seed([…])`; the list must not be empty.
  public init(seeds: [UInt32]) {
    self.core = MT19937(seeds: seeds)
  }

  /// A value of [0, 1) with 53 random bits from two words, `random_sample()`.
  public mutating func nextDouble() -> Double {
    let high = core.next() >> 5
    let low = core.next() >> 6
    return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
  }

  /// `random_sample(count)`.
  public mutating func randomSample(count: Int) -> [Double] {
    (0..<count).map { _ in nextDouble() }
  }

  /// `uniform(low, high, count)`: `low + (high - low)·u`.
  public mutating func uniform(_ low: Double = 0, _ high: Double = 1, count: Int) -> [Double] {
    let width = high - low
    return (0..<count).map { _ in low + width * nextDouble() }
  }

  /// `normal(mean, deviation, count)`: `mean + deviation·gauss`.
  public mutating func normal(
    mean: Double = 0, deviation: Double = 1, count: Int
  ) -> [Double] {
    (0..<count).map { _ in mean + deviation * nextGauss() }
  }

  /// A standard normal value by the polar method; every second call hands out the spare of a pair.
  ///
  ///     x₁, x₂ uniform on (-1, 1) until 0 < r² = x₁² + x₂² < 1;  values x₂·f, then x₁·f,
  ///     f = √(-2·ln r² / r²)
  ///
  /// Source: Marsaglia & Bray 1964, "A convenient method for generating normal variables".
  public mutating func nextGauss() -> Double {
    if let value = spareGauss {
      spareGauss = nil
      return value
    }
    while true {
      let x1 = 2 * nextDouble() - 1
      let x2 = 2 * nextDouble() - 1
      let r2 = x1 * x1 + x2 * x2
      guard r2 < 1, r2 != 0 else { continue }
      let factor = (-2 * DoubleFunctions.log(r2) / r2).squareRoot()
      spareGauss = factor * x1
      return factor * x2
    }
  }

  /// An integer of 0...max without bias: words are masked and drawn again while above `max`.
  ///
  /// NumPy's `rk_interval`. Up to 2³² - 1 a draw takes one word, above that two, high word first.
  public mutating func interval(_ max: UInt64) -> UInt64 {
    guard max > 0 else { return 0 }
    let mask = UInt64.max >> UInt64(max.leadingZeroBitCount)
    while true {
      var value = UInt64(core.next())
      if max > 0xffff_ffff { value = value << 32 | UInt64(core.next()) }
      value &= mask
      if value <= max { return value }
    }
  }

  /// `randint(low, high)`: an integer of low..<high, of NumPy's default type (64 bits).
  ///
  /// `randint(high)` is `randomInteger(in: 0..<high)`. NumPy truncates Float64 arguments: Keras 0.3.3
  /// seeds its dropout with `randint(10e6)`, Keras 1.x with `randint(1, 10e6)`.
  public mutating func randomInteger(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty, "NumPyRandom: randomInteger(in:) needs a range that is not empty.")
    let width = UInt64(bitPattern: Int64(range.upperBound &- 1 &- range.lowerBound))
    return range.lowerBound &+ Int(truncatingIfNeeded: interval(width))
  }

  /// `randint(low, high, count)`.
  public mutating func randomIntegers(in range: Range<Int>, count: Int) -> [Int] {
    (0..<count).map { _ in randomInteger(in: range) }
  }

  /// `shuffle(x)` of a list or of an array's first axis.
  ///
  /// Fisher-Yates from the end: for i = n-1 … 1, element i is exchanged with one of 0...i.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    elements = permutation(elements.count).map { elements[$0] }
  }

  /// `permutation(count)`: the numbers 0..<count, shuffled.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(interval(UInt64(i))))
    }
    return order
  }
}
