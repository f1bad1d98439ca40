public import StrataSemantics
public import StrataTensor

/// The random streams of a model, named and serialisable.
///
/// Keras before 2.4 draws the order of the samples, on Theano also weights and dropout seeds, from
/// NumPy's one global generator; everything later, and Strata's own lineage, has a Philox stream
/// for each purpose.
public struct ModelRandom: Sendable, Codable, Equatable {
  public let seed: UInt64
  /// NumPy's global generator, where the release uses it.
  public private(set) var global: NumPyRandom?
  private var drawsMasksWithTheano: Bool
  private var streams: [String: RandomStream] = [:]
  private var order: Philox

  /// From where a release draws weights and the order of the samples.
  public enum Generator: String, Sendable, Equatable {
    /// NumPy's one global generator.
    case numPy
    /// A Philox stream for each purpose.
    case streams
  }

  public static let generatorHistory = History(
    "random.generator", .initializer, .trajectory, initially: Generator.numPy
  )
  .since(
    "2.4.0", .streams, "init-rng-tf-global",
    "Random numbers no longer come from NumPy's global generator.")

  /// - Throws: `CompileError` for a seed that NumPy does not take, where the release uses NumPy.
  public init(seed: UInt64, semantics: Semantics) throws(CompileError) {
    self.seed = seed
    let generator = Self.generatorHistory.value(under: semantics)
    let usesNumPy = semantics.lineage != .torch && generator == .numPy
    if usesNumPy {
      guard let small = UInt32(exactly: seed) else {
        throw CompileError(
          setting: "a seed", expected: "from 0 to 2^32 - 1, for NumPy under \(semantics)",
          found: "\(seed)")
      }
      global = NumPyRandom(seed: small)
    }
    drawsMasksWithTheano = usesNumPy && semantics.backend.kind == .theano
    order = Philox(seed: seed, name: "order")
  }

  /// Initial weights of one parameter, from the global generator or from a stream of its own.
  mutating func withWeightStream<Result>(
    _ path: String, _ draw: (inout RandomStream) throws -> Result
  ) rethrows -> Result {
    if let generator = global {
      var stream = RandomStream.numpy(generator)
      defer { if case .numpy(let advanced) = stream { global = advanced } }
      return try draw(&stream)
    }
    var stream = RandomStream.philox(Philox(seed: seed, name: "weights/\(path)"))
    return try draw(&stream)
  }

  /// Opens the stream of a layer's draws; on Theano this takes a seed from the global generator.
  mutating func open(_ name: String, seeds: Range<Int>) throws {
    guard drawsMasksWithTheano, var generator = global else {
      streams[name] = .philox(Philox(seed: seed, name: name))
      return
    }
    let drawn = generator.randomInteger(in: seeds)
    global = generator
    var source = try TheanoMRG(seed: drawn)
    streams[name] = .theano(source.variable())
  }

  /// The order of the next epoch: the numbers 0..<count, shuffled.
  mutating func permutation(_ count: Int) -> [Int] {
    global?.permutation(count) ?? order.permutation(count)
  }

  /// Writes the numbers of one draw.
  mutating func fill(_ draw: RandomDraw, _ target: UnsafeMutableBufferPointer<Float>) {
    // Taken out while it draws: a second reference would make it copy its table.
    switch streams.removeValue(forKey: draw.stream) {
    case .theano(var variable):
      Self.fill(draw.distribution, target, &variable)
      streams[draw.stream] = .theano(variable)
    case .philox(var philox):
      Self.fill(draw.distribution, target, &philox)
      streams[draw.stream] = .philox(philox)
    case .numpy, nil:
      var philox = Philox(seed: seed, name: draw.stream)
      Self.fill(draw.distribution, target, &philox)
      streams[draw.stream] = .philox(philox)
    }
  }

  private static func fill(
    _ distribution: RandomDraw.Distribution, _ target: UnsafeMutableBufferPointer<Float>,
    _ stream: inout TheanoMRG.Variable
  ) {
    switch distribution {
    case .bernoulli(let keep): stream.fillBinomial(probability: keep, target)
    case .uniform(let low, let high):
      stream.fillUniform(target)
      for i in target.indices { target[i] = low + (high - low) * target[i] }
    case .normal(let mean, let deviation):
      for (i, value) in zip(target.indices, stream.standardNormal(count: target.count)) {
        target[i] = value * deviation + mean
      }
    }
  }

  private static func fill(
    _ distribution: RandomDraw.Distribution, _ target: UnsafeMutableBufferPointer<Float>,
    _ stream: inout Philox
  ) {
    switch distribution {
    case .bernoulli(let keep): stream.fillBernoulli(probability: keep, target)
    case .uniform(let low, let high):
      stream.fillUniform(target)
      for i in target.indices { target[i] = low + (high - low) * target[i] }
    case .normal(let mean, let deviation):
      for (i, value) in zip(target.indices, stream.normal(count: target.count)) {
        target[i] = mean + deviation * value
      }
    }
  }
}
