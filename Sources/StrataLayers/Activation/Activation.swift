public import StrataCore
public import StrataSemantics

/// An elementwise function (or a softmax) at the end of a layer, saved by its Keras name.
///
/// A function whose formula changed has a case for each formula; `resolved(under:)` chooses.
public enum Activation: String, Sendable, Hashable, CaseIterable {
  /// The identity.
  case linear
  /// `max(x, 0)`, derivative 0 at 0.
  case relu
  /// `(x + |x|) / 2`, derivative ½ at 0: `relu` on Theano.
  case reluByHalves = "relu (by halves)"
  case sigmoid, tanh, softmax, softplus, softsign, exponential
  /// `x / 6 + ½` limited to 0...1.
  case hardSigmoid = "hard_sigmoid"
  /// `x / 5 + ½` limited to 0...1: `hard_sigmoid` before Keras 3.
  case hardSigmoidByFifths = "hard_sigmoid (by fifths)"
  /// `x` above 0, `exp(x) - 1` below.
  case elu
  /// `elu` scaled so that mean 0 and variance 1 are kept (arXiv:1706.02515).
  case selu
  case celu
  /// `x·sigmoid(x)`
  case swish
  case silu
  /// `x·Φ(x)`, Φ the normal distribution function.
  case gelu
  /// `x` above 0, `x / 5` below.
  case leakyRelu = "leaky_relu"
  /// `x` limited to 0...6.
  case relu6
  /// `x·tanh(softplus(x))`
  case mish
  /// `x·hard_sigmoid(x)`
  case hardSilu = "hard_silu"
  case hardTanh = "hard_tanh"
  case tanhShrink = "tanh_shrink"
  case softShrink = "soft_shrink"
  case hardShrink = "hard_shrink"
  case logSigmoid = "log_sigmoid"
  case logSoftmax = "log_softmax"
  case sparsePlus = "sparse_plus"
  case sparseSigmoid = "sparse_sigmoid"
  /// Sparse probabilities after arXiv:1602.02068, with Keras's threshold.
  case sparsemax
  case squareplus
  /// `a·sigmoid(b)` of the halves a, b of the last axis.
  case glu
}

extension Activation: Versioned {
  /// The name in files of every release.
  public var kerasName: String {
    switch self {
    case .reluByHalves: Activation.relu.rawValue
    case .hardSigmoidByFifths: Activation.hardSigmoid.rawValue
    default: rawValue
    }
  }

  /// The function of a Keras name.
  ///
  /// - Throws: `UnknownNameError` with the names that exist.
  public init(named name: String) throws(UnknownNameError) {
    let known = Activation.allCases.map(\.kerasName)
    guard known.contains(name), let activation = Activation(rawValue: name) else {
      throw UnknownNameError(
        kind: "activation", name: name, known: Array(Set(known)).sorted())
    }
    self = activation
  }

  /// The slope of `hard_sigmoid`.
  public static let hardSigmoidHistory = History<Activation>(
    "activation.hardSigmoid", .layer, .trajectory, initially: .hardSigmoidByFifths
  )
  .since(
    "3.0.0", .hardSigmoid, "hard-sigmoid-relu6",
    "hard_sigmoid rises with slope 1/6 instead of 0.2.")

  public static var histories: [any AnyHistory] { [hardSigmoidHistory] }

  /// The formula of the release and its backend.
  public func resolved(under semantics: Semantics) -> Activation {
    switch self {
    case .relu: semantics.backend.kind == .theano ? .reluByHalves : .relu
    case .hardSigmoid: Activation.hardSigmoidHistory.value(under: semantics)
    default: self
    }
  }
}

extension Activation: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    try self.init(named: try container.decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(kerasName)
  }
}
