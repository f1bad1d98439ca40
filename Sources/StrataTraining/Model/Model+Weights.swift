internal import StrataCore
internal import StrataSemantics
public import StrataTensor

extension Model {
  /// When a release on Theano takes the seed of a dropout mask from NumPy's generator.
  enum DrawSeeding: String, Sendable, Equatable {
    /// After all weights, at `compile`, from 0..<10e6.
    case atCompile
    /// Between the weights of the layers before and after, from 1..<10e6.
    case whenAdded
  }

  static let drawSeedingHistory = History(
    "dropout.seeding", .initializer, .trajectory, initially: DrawSeeding.atCompile
  )
  .since(
    "1.0.0", .whenAdded, "dropout-seed-when-called",
    "The seed of a dropout mask is drawn when the layer is added, no longer at compile.")

  private static let drawSeeds = [
    DrawSeeding.atCompile: 0..<10_000_000, .whenAdded: 1..<10_000_000,
  ]

  /// Draws all initial weights anew, in the order of the release.
  func initializeWeights() throws {
    let seeding = Self.drawSeedingHistory.value(under: semantics)
    let method = InitializationMethod(under: semantics)
    for node in architecture.nodes.indices {
      for parameter in parameters where parameter.node == node {
        let spec = parameter.spec
        let values = try random.withWeightStream(parameter.path) { stream in
          try spec.initializer.values(
            shape: spec.shape, fans: spec.fans, random: &stream, method: method)
        }
        parameter.storage.store(values)
      }
      if seeding == .whenAdded { try openStreams(of: node, .whenAdded) }
    }
  }

  /// Opens the streams of a model whose weights are not drawn but loaded.
  func openStreamsWhenAdded() throws {
    guard Self.drawSeedingHistory.value(under: semantics) == .whenAdded else { return }
    for node in architecture.nodes.indices { try openStreams(of: node, .whenAdded) }
  }

  /// Starts the random numbers anew, of the order of samples and of dropout masks; weights stay.
  public func reseed(_ seed: UInt64) throws {
    random = try ModelRandom(seed: seed, semantics: semantics)
    try openStreamsWhenAdded()
    if compiled != nil { try openStreamsAtCompile() }
  }

  func openStreams(of node: Int, _ seeding: DrawSeeding) throws {
    for name in drawStreams[node] {
      try random.open(name, seeds: Self.drawSeeds[seeding] ?? 0..<1)
    }
  }

  /// Opens the streams of dropout masks where the release does so at compile.
  func openStreamsAtCompile() throws {
    guard Self.drawSeedingHistory.value(under: semantics) == .atCompile else { return }
    for node in architecture.nodes.indices { try openStreams(of: node, .atCompile) }
  }

  /// All weights and statistics by path, in the order of the layers.
  public var weights: [(path: String, value: Tensor)] {
    parameters.map { ($0.path, $0.value) }
  }

  /// Replaces one weight.
  ///
  /// - Throws: `WeightError` for an unknown path or another shape.
  public func setWeight(_ path: String, to value: Tensor) throws {
    guard let parameter = parameters.first(where: { $0.path == path }) else {
      throw WeightError(
        path: path, expected: "one of \(parameters.map(\.path).joined(separator: ", "))",
        found: "no such weight")
    }
    try Self.check(value, for: parameter)
    parameter.storage.store(try value.floats())
  }

  /// Replaces all weights, in the order of `weights`.
  ///
  /// - Throws: `WeightError` for another number of weights or another shape.
  public func setWeights(_ values: [Tensor]) throws {
    guard values.count == parameters.count else {
      throw WeightError(
        path: "model", expected: "\(parameters.count) weights", found: "\(values.count)")
    }
    let checked = try zip(parameters, values).map { parameter, value in
      try Self.check(value, for: parameter)
      return try value.floats()
    }
    for (parameter, values) in zip(parameters, checked) { parameter.storage.store(values) }
  }

  private static func check(_ value: Tensor, for parameter: Parameter) throws(WeightError) {
    guard parameter.spec.shape == value.shape else {
      throw WeightError(
        path: parameter.path, expected: "shape \(parameter.spec.shape)", found: "\(value.shape)")
    }
  }
}

extension Model.Parameter {
  package var value: Tensor {
    Tensor(storage.array(of: Float.self, count: spec.shape.count), shape: spec.shape)
  }
}

extension Storage {
  package func store(_ values: [Float]) {
    values.withUnsafeBytes {
      base.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(base), byteCount: $0.count)
    }
  }
}

/// A weight that does not fit the model.
public struct WeightError: Error, Hashable, CustomStringConvertible {
  public var path: String
  public var expected: String
  public var found: String
  public var description: String { "\(path): expected \(expected), but got \(found)." }
}
