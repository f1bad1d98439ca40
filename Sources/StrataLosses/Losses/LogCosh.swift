public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Log-cosh: `mean log cosh(p − t)` over the last axis.
///
///     stable  d + softplus(−2d) − log 2        naive  log((eᵈ + e⁻ᵈ)/2), which overflows
///     t, p [batch, …, n]    score [batch, …]
///
/// Keras since 2.0.4; `logcosh` before Keras 3, `log_cosh` there.
public struct LogCosh: Loss {
  public static let name = "logcosh"
  public var form: Form?
  public init() {}

  public enum Form: String, Sendable, Hashable, Codable { case naive, stable }

  public static let formHistory = History(
    "logCosh.form", .loss, .trajectory, initially: Form.naive
  )
  .since("2.1.2", .stable, "loss-logcosh-stable", "a form that does not overflow")

  public static var histories: [any AnyHistory] { [formHistory] }

  public mutating func resolve(under semantics: Semantics) {
    form.resolve(Self.formHistory, semantics)
  }

  public func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let d = prediction - target
    let score =
      form == .naive
      ? ((d.exp() + (-d).exp()) / 2).log() : d + (-2 * d).softplus() - 0.693_147_18
    return score.mean(axes: [-1])
  }
}
