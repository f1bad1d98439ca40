/// Theano's random streams, `MRG_RandomStreams`: the combined multiple recursive generator MRG31k3p.
///
///     x[k] = 2²²·x[k-2] + (2⁷ + 1)·x[k-3]          modulo m₁ = 2³¹ - 1
///     y[k] = 2¹⁵·y[k-1] + (2¹⁵ + 1)·y[k-3]         modulo m₂ = 2³¹ - 21069
///     u[k] = (x[k] - y[k] modulo m₁) · 2⁻³¹, just below that so that u < 1 in Float32
///
/// A value of this type is what Theano calls the generator: it does not draw, it hands out
/// variables. Each variable owns a table of streams 2⁷² steps apart, and the generator then moves on
/// by 2¹³⁴ steps. Calling the compiled function again continues the variable's own streams.
///
/// Source: L'Ecuyer & Touzin 2000, "Fast combined multiple recursive generators with multipliers of
/// the form a = ±2^q ± 2^r"; Theano 0.9.0, `theano/sandbox/rng_mrg.py`, on the CPU.
public struct TheanoMRG: Sendable, Equatable, Codable {
  /// The number of streams when the size is not known when the graph is built: 60·256.
  public static let streamsOfUnknownSize = 15360

  private var state: MRGState

  /// `MRG_RandomStreams(seed: seed)`: the seed is all six words.
  public init(seed: Int) throws(RandomStateError) {
    guard seed != 0, let word = UInt32(exactly: seed), word < MRGState.m2 else {
      throw RandomStateError(
        stream: "theano-mrg", expected: "a seed of 1...\(MRGState.m2 - 1)", found: "\(seed)")
    }
    self.state = MRGState(word, word, word, word, word, word)
  }

  /// `guess_n_streams(size)`: a sixth of the elements, at most 60·256.
  public static func streamCount(elements: Int) -> Int {
    min(elements > 6 ? elements / 6 : elements, streamsOfUnknownSize)
  }

  /// A new random variable with the given number of streams; the generator moves on.
  public mutating func variable(streams: Int = streamsOfUnknownSize) -> Variable {
    precondition(streams > 0, "TheanoMRG: a variable needs at least 1 stream, but got \(streams).")
    let variable = Variable(first: state, streamCount: streams)
    state = state.jumped(MRGState.jump134)
    return variable
  }

  /// The six words from which the next variable starts, Theano's `rstate`.
  public var words: [UInt32] { state.words }
}

extension TheanoMRG {
  /// One random variable of a graph: a table of streams, drawn from in turn.
  ///
  /// Element i of a draw takes the next value of stream `i % streams.count`.
  ///
  /// Dropout on Theano is such a variable, of a generator of its own for each Dropout layer. Its seed
  /// comes from NumPy's stream: in Keras 0.3.3 `np.random.randint(10e6)` in `compile`, after all
  /// weights, first layer first; in Keras 1.x `randint(1, 10e6)` in `model.add`, before the weights of
  /// the layers that follow. The mask is `rng.binomial(x.shape, p=1 - level)`; the size is not known
  /// when the graph is built, so there are 15360 streams. The source goes on `x *= mask`,
  /// `x /= 1 - level`; the compiled graph computes `(1/keep)·x·mask` with `keep` = Float32(1 - level)
  /// and its reciprocal rounded to Float32. (A constant factor that comes just before, such as the ½ of Theano's
  /// `relu(x) = ½·(x + |x|)`, is folded into the reciprocal too.)
  public struct Variable: Sendable {
    /// The first stream alone before something is drawn: a model that only predicts needs no others.
    private var table: [MRGState]
    /// How many streams the variable draws from.
    public let streamCount: Int

    fileprivate init(first: MRGState, streamCount: Int) {
      table = [first]
      self.streamCount = streamCount
    }

    private var wholeTable: [MRGState] {
      guard table.count < streamCount, var last = table.last else { return table }
      var whole = table
      whole.reserveCapacity(streamCount)
      while whole.count < streamCount {
        last = last.jumped(MRGState.jump72)
        whole.append(last)
      }
      return whole
    }

    /// The present state, one row of six words for each stream.
    public var words: [[UInt32]] { wholeTable.map(\.words) }

    /// The variable that goes on from a saved state: at least one row, rows of six words.
    public init(words: [[UInt32]]) throws(RandomStateError) {
      var table: [MRGState] = []
      for row in words {
        guard let state = MRGState(words: row) else {
          throw RandomStateError(
            stream: "theano-mrg", expected: "rows of 6 words below the moduli", found: "\(row)")
        }
        table.append(state)
      }
      guard !table.isEmpty else {
        throw RandomStateError(stream: "theano-mrg", expected: "at least 1 stream", found: "none")
      }
      self.table = table
      streamCount = table.count
    }

    /// `count` values of (0, 1), and the streams advance.
    public mutating func uniform(count: Int) -> [Float] {
      [Float](unsafeUninitializedCapacity: count) { values, initialized in
        fillUniform(UnsafeMutableBufferPointer(rebasing: values[..<count]))
        initialized = count
      }
    }

    /// Writes what `uniform(count:)` gives, without making an array.
    package mutating func fillUniform(_ target: UnsafeMutableBufferPointer<Float>) {
      var stream = 0
      if table.count < streamCount { table = wholeTable }
      table.withUnsafeMutableBufferPointer { table in
        for i in target.indices {
          target.initializeElement(at: i, to: table[stream].next())
          stream = stream + 1 == table.count ? 0 : stream + 1
        }
      }
    }

    /// `count` values that are 1 with the given probability, else 0: `uniform < probability`.
    public mutating func binomial(probability: Float, count: Int) -> [Float] {
      uniform(count: count).map { $0 < probability ? 1 : 0 }
    }
  }
}

extension TheanoMRG.Variable: Equatable {
  public static func == (a: Self, b: Self) -> Bool {
    a.streamCount == b.streamCount
      && (a.table.count == b.table.count ? a.table == b.table : a.wholeTable == b.wholeTable)
  }
}

extension TheanoMRG.Variable: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(words: decoder.singleValueContainer().decode([[UInt32]].self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(words)
  }
}
