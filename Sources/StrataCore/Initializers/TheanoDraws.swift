public import StrataSemantics
internal import StrataTensor

/// Where Keras on Theano takes the random numbers of weights from.
public enum TheanoDraws: String, Sendable, Hashable, Codable {
  /// From NumPy's generator itself.
  case fromNumPy
  /// From a generator of Theano's (MRG31k3p) for each weight, whose seed NumPy's draws from
  /// 1..<10⁷; truncated means cut off at two deviations.
  case seededClipping
  /// As `seededClipping`, but what lies beyond two deviations gets a new radius (Theano 1.0).
  case seededRedrawing

  public static let history = History(
    "initializer.theanoDraws", .initializer, .trajectory, initially: TheanoDraws.fromNumPy
  )
  .since(
    "2.0.0", .seededClipping, "init-theano-seeded-streams",
    "On Theano every weight has a generator of its own, seeded from NumPy's; orthogonal matrices stay."
  )
  .since(
    "2.2.0", .seededRedrawing, "init-theano-truncation-redrawn",
    "On Theano 1.0 truncated normal values are drawn again, no longer cut off."
  )
  .on { $0.kind == .theano }

  /// The form under a release and its backend; nil: the numbers are NumPy's or Strata's own.
  package static func form(under semantics: Semantics) -> TheanoDraws? {
    guard history.holds(on: semantics.backend) else { return nil }
    switch history.value(under: semantics) {
    case .fromNumPy: return nil
    case .seededRedrawing where semantics.backend.version >= "1.0.0": return .seededRedrawing
    case .seededClipping, .seededRedrawing: return .seededClipping
    }
  }
}

/// The generator of one weight, seeded from NumPy's.
struct TheanoWeights {
  private var generator: TheanoMRG
  private let draws: TheanoDraws
  private let knowsSizes: Bool

  /// nil where the release, or its backend, draws from the stream itself.
  init?(_ method: InitializationMethod, _ stream: inout RandomStream) {
    guard let draws = method.theanoDraws, case .numpy(var numPy) = stream else { return nil }
    let seed = numPy.randomInteger(in: 1..<10_000_000)
    stream = .numpy(numPy)
    guard let generator = try? TheanoMRG(seed: seed) else { return nil }
    self.generator = generator
    self.draws = draws
    knowsSizes = method.theanoKnowsSizes
  }

  mutating func uniform(limit: Double, _ count: Int) -> [Float] {
    generator.uniform(Float(-limit), Float(limit), count: count)
  }

  mutating func normal(deviation: Double, _ count: Int) -> [Float] {
    generator.normal(count: count, knowsSize: knowsSizes).map { $0 * Float(deviation) }
  }

  mutating func truncatedNormal(deviation: Double, _ count: Int) -> [Float] {
    guard draws == .seededRedrawing else {
      let limit = Float(2 * deviation)
      return normal(deviation: deviation, count).map { min(max($0, -limit), limit) }
    }
    return generator.truncatedNormal(count: count).map { $0 * Float(deviation) }
  }
}
