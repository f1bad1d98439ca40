/// How initial weights are made.
public enum Initializer: Sendable, Hashable, Codable {
  case zeros, ones
  case constant(Float)
  /// U(-scale, scale); Keras 1 and before: `uniform`, scale 0.05.
  case uniform(scale: Float)
  /// N(0, deviation).
  case normal(deviation: Float)
  /// N(0, deviation) with draws beyond two deviations drawn again.
  case truncatedNormal(deviation: Float)
  /// A distribution whose width follows from the fans: `scale / fan`.
  case varianceScaling(scale: Float, mode: FanMode, distribution: Distribution)
  /// Orthogonal rows or columns, from a singular value decomposition or QR of a normal matrix.
  case orthogonal(gain: Float)
  case identity(gain: Float)
  /// Equal parts of the last axis side by side, each with its own initializer: the biases of gates.
  case blocks([Initializer])

  public enum FanMode: String, Sendable, Hashable, Codable { case fanIn, fanOut, average }
  public enum Distribution: String, Sendable, Hashable, Codable {
    /// U(-√(3·scale/fan), √(3·scale/fan)).
    case uniform
    /// N(0, scale/fan) as the release draws it: truncated since Keras 2.
    case normal
    case truncatedNormal
    /// N(0, scale/fan), never truncated.
    case untruncatedNormal
  }

  public static let glorotUniform = varianceScaling(
    scale: 1, mode: .average, distribution: .uniform)
  public static let glorotNormal = varianceScaling(scale: 1, mode: .average, distribution: .normal)
  public static let heUniform = varianceScaling(scale: 2, mode: .fanIn, distribution: .uniform)
  public static let heNormal = varianceScaling(scale: 2, mode: .fanIn, distribution: .normal)
  public static let lecunUniform = varianceScaling(scale: 1, mode: .fanIn, distribution: .uniform)
  public static let lecunNormal = varianceScaling(scale: 1, mode: .fanIn, distribution: .normal)
}
