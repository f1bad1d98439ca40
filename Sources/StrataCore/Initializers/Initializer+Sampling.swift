package import StrataTensor

/// An initializer that cannot make a parameter.
public struct InitializerError: Error, Hashable, CustomStringConvertible {
  public var initializer: String
  public var expected: String
  public var found: String

  public init(initializer: String, expected: String, found: String) {
    self.initializer = initializer
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(initializer): expected \(expected), but got \(found)." }
}

extension Initializer {
  /// The initial values of a parameter, row by row.
  ///
  /// Numbers are drawn and scaled in Float64 and rounded to Float32 once, as NumPy's are; those of
  /// Theano's generator are Float32 from the start.
  ///
  /// - Throws: `InitializerError` for a shape or stream that the initializer cannot use.
  package func values(
    shape: Shape, fans: Fans? = nil, random: inout RandomStream, method: InitializationMethod
  ) throws(InitializerError) -> [Float] {
    let count = shape.count
    switch self {
    case .zeros: return [Float](repeating: 0, count: count)
    case .ones: return [Float](repeating: 1, count: count)
    case .constant(let value): return [Float](repeating: value, count: count)
    case .identity(let gain): return try identity(shape, gain)
    case .blocks(let parts): return try blocks(parts, shape, fans, &random, method)
    default: break
    }
    guard random.canDrawWeights else {
      throw InitializerError(
        initializer: "\(self)", expected: "a NumPy or Philox stream",
        found: "the stream of a dropout mask")
    }
    switch self {
    case .uniform(let scale):
      return random.uniform(limit: scale.asWritten, count, method)
    case .normal(let deviation):
      return random.normal(deviation: deviation.asWritten, count, method)
    case .truncatedNormal(let deviation):
      return random.truncatedNormal(deviation: deviation.asWritten, count, method)
    case .varianceScaling(let scale, let mode, let distribution):
      let fans = fans ?? .of(kernel: shape, rule: method.fanRule)
      return scaled(Double(scale) / mode.fan(fans), distribution, count, &random, method)
    case .orthogonal(let gain):
      return try orthogonal(shape, gain: gain.asWritten, &random, method.orthogonal)
    default: return []
    }
  }

  /// Draws of the given variance.
  private func scaled(
    _ variance: Double, _ distribution: Distribution, _ count: Int, _ random: inout RandomStream,
    _ method: InitializationMethod
  ) -> [Float] {
    let deviation = variance.squareRoot()
    switch distribution {
    case .uniform:
      let limit = method.scaledUniform == .narrow ? deviation : (3 * variance).squareRoot()
      return random.uniform(limit: limit, count, method)
    case .untruncatedNormal:
      return random.normal(deviation: deviation, count, method)
    case .normal where method.scaledNormal == .plain:
      return random.normal(deviation: deviation, count, method)
    case .normal, .truncatedNormal:
      // The deviation of a standard normal value given that it is within two deviations.
      let shrinkage = method.scaledNormal == .truncated ? 1 : 0.879_625_661_034_239_78
      return random.truncatedNormal(deviation: deviation / shrinkage, count, method)
    }
  }

  private func identity(_ shape: Shape, _ gain: Float) throws(InitializerError) -> [Float] {
    guard shape.rank == 2 else {
      throw InitializerError(
        initializer: "\(self)", expected: "a matrix", found: "shape \(shape)")
    }
    return (0..<shape.count).map { $0 / shape[1] == $0 % shape[1] ? gain : 0 }
  }

  /// Equal parts of the last axis, each made by its own initializer.
  private func blocks(
    _ parts: [Initializer], _ shape: Shape, _ fans: Fans?, _ random: inout RandomStream,
    _ method: InitializationMethod
  ) throws(InitializerError) -> [Float] {
    guard shape.rank > 0, !parts.isEmpty, shape.last % parts.count == 0 else {
      throw InitializerError(
        initializer: "blocks", expected: "a last size that \(parts.count) divides",
        found: "shape \(shape)")
    }
    let width = shape.last / parts.count
    let rows = shape.count / max(shape.last, 1)
    var columns: [[Float]] = []
    for part in parts {
      columns.append(
        try part.values(
          shape: shape.replacingLast(with: width), fans: fans, random: &random, method: method))
    }
    return (0..<rows).flatMap { row in
      columns.flatMap { $0[(row * width)..<((row + 1) * width)] }
    }
  }
}

extension Initializer.FanMode {
  fileprivate func fan(_ fans: Fans) -> Double {
    let fan =
      switch self {
      case .fanIn: fans.fanIn
      case .fanOut: fans.fanOut
      case .average: (fans.fanIn + fans.fanOut) / 2
      }
    return max(fan, .leastNonzeroMagnitude)
  }
}

extension Float {
  /// The Float64 that the same digits mean: 0.05, not 0.05000000074505806.
  var asWritten: Double { Double(description) ?? Double(self) }
}

extension RandomStream {
  fileprivate var canDrawWeights: Bool {
    if case .theano = self { false } else { true }
  }

  private mutating func standardNormal(_ count: Int) -> [Double] {
    switch self {
    case .numpy(var stream):
      defer { self = .numpy(stream) }
      return stream.normal(count: count)
    case .philox(var stream):
      defer { self = .philox(stream) }
      return stream.normal(count: count).map(Double.init)
    case .theano: return []
    }
  }

  fileprivate mutating func uniform(
    limit: Double, _ count: Int, _ method: InitializationMethod
  ) -> [Float] {
    if var weights = TheanoWeights(method, &self) {
      return weights.uniform(limit: limit, count)
    }
    switch self {
    case .numpy(var stream):
      defer { self = .numpy(stream) }
      return stream.uniform(-limit, limit, count: count).map(Float.init)
    case .philox(var stream):
      defer { self = .philox(stream) }
      return stream.uniform(count: count).map { Float(-limit + 2 * limit * Double($0)) }
    case .theano: return []
    }
  }

  fileprivate mutating func normal(
    deviation: Double, _ count: Int, _ method: InitializationMethod
  ) -> [Float] {
    if var weights = TheanoWeights(method, &self) {
      return weights.normal(deviation: deviation, count)
    }
    return standardNormal(count).map { Float(0 + deviation * $0) }
  }

  fileprivate mutating func truncatedNormal(
    deviation: Double, _ count: Int, _ method: InitializationMethod
  ) -> [Float] {
    if var weights = TheanoWeights(method, &self) {
      return weights.truncatedNormal(deviation: deviation, count)
    }
    var values: [Float] = []
    while values.count < count {
      let draws = standardNormal(count - values.count).filter { $0.magnitude <= 2 }
      values += draws.map { Float(deviation * $0) }
    }
    return values
  }

  /// Standard normal values for `Initializer.orthogonal`.
  mutating func normalMatrix(_ count: Int) -> [Double] { standardNormal(count) }
}
