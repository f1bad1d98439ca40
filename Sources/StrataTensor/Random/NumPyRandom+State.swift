extension NumPyRandom {
  /// What `np.random.get_state()` returns, to be saved with a run.
  public struct State: Sendable, Equatable, Codable {
    /// The 624 words of the generator.
    public var words: [UInt32]
    /// How many of them are used up, 0...624.
    public var position: Int
    /// The normal value that is still to be handed out (`cached_gaussian` when `has_gauss` is 1).
    public var spareGauss: Double?

    public init(words: [UInt32], position: Int, spareGauss: Double? = nil) {
      self.words = words
      self.position = position
      self.spareGauss = spareGauss
    }
  }

  /// The present state, `get_state()`.
  public var state: State {
    State(words: core.words, position: core.position, spareGauss: spareGauss)
  }

  /// The stream that goes on from a saved state, `set_state(state)`.
  public init(state: State) throws(RandomStateError) {
    guard let core = MT19937(words: state.words, position: state.position) else {
      throw RandomStateError(
        stream: "numpy", expected: "624 words and a position of 0...624",
        found: "\(state.words.count) words and position \(state.position)")
    }
    self.core = core
    self.spareGauss = state.spareGauss
  }
}

extension NumPyRandom: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(state: State(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try state.encode(to: encoder)
  }
}

/// A saved state that no stream of its kind can have.
public struct RandomStateError: Error, Equatable, CustomStringConvertible {
  /// The kind of stream: `numpy`, `theano-mrg` or `philox`.
  public let stream: String
  public let expected: String
  public let found: String

  public init(stream: String, expected: String, found: String) {
    self.stream = stream
    self.expected = expected
    self.found = found
  }

  public var description: String {
    "\(stream) random stream: a state needs \(expected), but got \(found)."
  }
}
