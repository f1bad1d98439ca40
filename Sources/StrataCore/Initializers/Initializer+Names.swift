public import StrataSemantics

extension Initializer {
  /// The initializer that a Keras name or class name means under a release, with the default scale.
  ///
  /// - Throws: `UnknownNameError` with the names that exist.
  public init(named name: String, under semantics: Semantics) throws(UnknownNameError) {
    let table = Self.names(under: semantics)
    guard let entry = table.first(where: { $0.name == name || $0.className == name }) else {
      throw UnknownNameError(kind: "initializer", name: name, known: table.map(\.name))
    }
    self = entry.value
  }

  /// The Keras name under a release, nil if the settings are not the name's own.
  public func name(under semantics: Semantics) -> String? {
    Self.names(under: semantics).first { $0.value == self }?.name
  }

  /// The Keras 2 and 3 class name under a release, nil if the settings are not the class's own.
  public func className(under semantics: Semantics) -> String? {
    Self.names(under: semantics).first { $0.value == self }?.className
  }

  /// The gain of `orthogonal` when none is given.
  public static let orthogonalGainHistory = History<Float>(
    "initializer.orthogonalGain", .initializer, .trajectory, initially: 1.1
  )
  .since("2.0.0", 1, "init-orthogonal-gain-1-0", "Gain 1 instead of 1.1.")

  private typealias Entry = (name: String, className: String, value: Initializer)

  /// The writing name of a value comes first.
  private static func names(under semantics: Semantics) -> [Entry] {
    let gain = orthogonalGainHistory.value(under: semantics)
    let isKeras1 = semantics.position(for: "initializer.names") < "2.0.0"
    let own: [Entry] = [
      ("zeros", "Zeros", .zeros), ("ones", "Ones", .ones), ("constant", "Constant", .constant(0)),
      ("random_uniform", "RandomUniform", .uniform(scale: 0.05)),
      ("random_normal", "RandomNormal", .normal(deviation: 0.05)),
      ("truncated_normal", "TruncatedNormal", .truncatedNormal(deviation: 0.05)),
      ("glorot_uniform", "GlorotUniform", .glorotUniform),
      ("glorot_normal", "GlorotNormal", .glorotNormal),
      ("he_uniform", "HeUniform", .heUniform), ("he_normal", "HeNormal", .heNormal),
      ("lecun_uniform", "LecunUniform", .lecunUniform),
      ("lecun_normal", "LecunNormal", .lecunNormal),
      ("orthogonal", "Orthogonal", .orthogonal(gain: gain)),
      ("identity", "Identity", .identity(gain: 1)),
    ]
    let short: [Entry] = [
      ("zero", "Zeros", .zeros), ("one", "Ones", .ones),
      ("uniform", "RandomUniform", .uniform(scale: 0.05)),
      ("normal", "RandomNormal", .normal(deviation: 0.05)),
    ]
    return isKeras1 ? short + own : own + short
  }
}

extension Initializer: CustomStringConvertible {
  /// The initializer as it is written in code, without the leading dot.
  public var description: String {
    switch self {
    case .zeros: "zeros"
    case .ones: "ones"
    case .constant(let value): "constant(\(value))"
    case .uniform(let scale): "uniform(scale: \(scale))"
    case .normal(let deviation): "normal(deviation: \(deviation))"
    case .truncatedNormal(let deviation): "truncatedNormal(deviation: \(deviation))"
    case .orthogonal(let gain): "orthogonal(gain: \(gain))"
    case .identity(let gain): "identity(gain: \(gain))"
    case .blocks(let parts): "blocks([\(parts.map { ".\($0)" }.joined(separator: ", "))])"
    case .glorotUniform: "glorotUniform"
    case .glorotNormal: "glorotNormal"
    case .heUniform: "heUniform"
    case .heNormal: "heNormal"
    case .lecunUniform: "lecunUniform"
    case .lecunNormal: "lecunNormal"
    case .varianceScaling(let scale, let mode, let distribution):
      "varianceScaling(scale: \(scale), mode: .\(mode), distribution: .\(distribution))"
    }
  }
}
