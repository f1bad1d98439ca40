public import StrataSemantics

/// The generation of a Keras file: what its configuration calls things.
public enum KerasDialect: Int, Sendable, Hashable, Codable, CaseIterable, Comparable {
  /// 0.1 to 0.3: flat configurations, `layer_0/param_0`.
  case keras0
  /// 1.0 to 1.2: `class_name` and `config`, `output_dim`, `dense_1/dense_1_W`.
  case keras1
  /// 2.0 to 2.15 and tf.keras: `units`, `kernel_initializer`.
  case keras2
  /// 3: objects with their module.
  case keras3

  /// The dialect that a release writes.
  public init(_ semantics: Semantics) {
    let version = semantics.position(for: "file.dialect")
    self =
      version < "1.0.0"
      ? .keras0 : version < "2.0.0" ? .keras1 : version < "3.0.0" ? .keras2 : .keras3
  }

  public static func < (a: KerasDialect, b: KerasDialect) -> Bool { a.rawValue < b.rawValue }
}

extension Semantics {
  /// The release that a file names in `keras_version` and `backend`.
  static func named(version text: String, backend: String?) -> Semantics? {
    let parts = text.split(separator: "-")
    guard let version = parts.first.flatMap({ Version(parsing: String($0)) }) else { return nil }
    let isTensorFlow = parts.count > 1 || (version >= "2.4.0" && version < "3.0.0")
    if isTensorFlow { return .tfKeras(version) }
    switch backend {
    case "theano": return .keras(version, backend: .theano())
    case nil: return .keras(version)
    default: return version < "2.0.0" ? Semantics.keras(version).onTensorFlow : .keras(version)
    }
  }

  /// The same release computed by TensorFlow: where the two differ, in convolutions and pooling, the
  /// version of TensorFlow does not matter.
  var onTensorFlow: Semantics {
    guard backend.kind == .theano else { return self }
    return computed(by: .tensorflow("1.15.0"))
  }
}
