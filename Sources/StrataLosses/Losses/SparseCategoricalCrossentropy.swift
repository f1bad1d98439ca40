public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Crossentropy with a class number for a target: `−log q[t]`.
///
///     normaliseThenClip   q = clip(p / Σp, ε, 1 − ε)        ε = 1e-7
///     clipThenSoftmax     q = softmax(log(clip(p, ε, 1 − ε)))
///     fromLogits          q = softmax(p)
///     t [batch, …] or [batch, …, 1]    p [batch, …, n]    score [batch, …]
///
/// Keras since 1.0.0. Where the target is `ignoredClass` the score is 0.
public struct SparseCategoricalCrossentropy: LogitsLoss, Configurable {
  public static let name = "sparse_categorical_crossentropy"
  public static let link = LogitsLink.softmax
  public var fromLogits: Bool
  public var ignoredClass: Int?
  public var form: Form?

  public init(fromLogits: Bool = false, ignoredClass: Int? = nil) {
    self.fromLogits = fromLogits
    self.ignoredClass = ignoredClass
  }

  public enum Form: String, Sendable, Hashable, Codable { case normaliseThenClip, clipThenSoftmax }

  public static var histories: [any AnyHistory] { [LogitsRecovery.history] }

  public static var settings: [Setting<SparseCategoricalCrossentropy>] {
    [
      .flag("from_logits", \.fromLogits), .integer("ignore_class", \.ignoredClass),
    ]
  }

  public mutating func resolve(under semantics: Semantics) {
    guard form == nil else { return }
    let isDense = [.theano, .jax, .torch].contains(semantics.backend.kind)
    form = isDense ? .normaliseThenClip : .clipThenSoftmax
  }

  public func targetShape(for prediction: Shape) -> Shape { prediction.replacingLast(with: 1) }

  /// Not where a number outside of the classes may mean that a target is to be ignored.
  public var expectsClassIndices: Bool { ignoredClass == nil }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let scoreShape = Shape(Array(prediction.shape.dimensions.dropLast()))
    let labels = target.asFloat32().reshaped(scoreShape)
    let counts = ignoredClass.map { labels.isNotEqual(to: Tensor(Float($0))) }
    let known = counts.map { Tensor.select($0, labels, 0) } ?? labels
    let oneHot = known.oneHot(classes: prediction.shape.last)
    let score = -(oneHot * logProbabilities(prediction)).sum(axes: [-1])
    return counts.map { .select($0, score, 0) } ?? score
  }

  public func scoreMask(target: Tensor, prediction: Tensor) -> Tensor? {
    ignoredClass.map {
      let scoreShape = Shape(Array(prediction.shape.dimensions.dropLast()))
      return target.asFloat32().reshaped(scoreShape).isNotEqual(to: Tensor(Float($0)))
    }
  }

  private func logProbabilities(_ p: Tensor) -> Tensor {
    if fromLogits { return p.logSoftmax() }
    return switch form ?? .clipThenSoftmax {
    case .normaliseThenClip: p.normalised().limited(Epsilon.value, Epsilon.below1).log()
    case .clipThenSoftmax: p.limited(Epsilon.value, Epsilon.below1).log().logSoftmax()
    }
  }
}
