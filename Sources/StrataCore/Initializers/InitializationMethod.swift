public import StrataSemantics

/// How a release turns an initializer into numbers: resolved once, when a model is built.
public struct InitializationMethod: Sendable, Hashable, Codable {
  /// What `normal` means for weights scaled by their fans.
  public enum ScaledNormal: String, Sendable, Hashable, Codable {
    /// N(0, σ²)
    case plain
    /// Draws beyond 2σ are drawn again, so that the deviation is 0.8796·σ.
    case truncated
    /// As `truncated`, with σ enlarged so that the deviation is σ.
    case truncatedCorrected
  }

  /// The limit of `uniform` for weights scaled by their fans.
  public enum ScaledUniform: String, Sendable, Hashable, Codable {
    /// √(scale / fan): a third of the variance that is meant.
    case narrow
    /// √(3·scale / fan)
    case varianceCorrect
  }

  /// How a random orthogonal matrix is found.
  public enum Orthogonal: String, Sendable, Hashable, Codable {
    /// A factor of the singular value decomposition of `[first axis, rest]`.
    case singularValuesOfRows
    /// A factor of the singular value decomposition of `[rest, last axis]`.
    case singularValuesOfColumns
    /// Q of the QR decomposition of `[rest, last axis]`, columns signed so that R's diagonal is
    /// positive.
    case qr
  }

  public var scaledNormal: ScaledNormal
  public var scaledUniform: ScaledUniform
  public var orthogonal: Orthogonal
  public var fanRule: FanRule
  /// nil: weights come from the stream itself.
  public var theanoDraws: TheanoDraws?
  /// Whether Theano's number of streams follows from the size of a normal weight.
  var theanoKnowsSizes: Bool

  public init(under semantics: Semantics) {
    scaledNormal = Self.scaledNormalHistory.value(under: semantics)
    scaledUniform = Self.scaledUniformHistory.value(under: semantics)
    orthogonal = Self.orthogonalHistory.value(under: semantics)
    fanRule = FanRule.history.value(under: semantics)
    theanoDraws = TheanoDraws.form(under: semantics)
    theanoKnowsSizes = semantics.backend.version < "1.0.0"
  }
}

extension InitializationMethod: Versioned {
  public static let scaledNormalHistory = History<ScaledNormal>(
    "initializer.scaledNormal", .initializer, .trajectory, initially: .plain
  )
  .since(
    "2.0.0", .truncated, "init-glorot-he-normal-truncated",
    "glorot_normal and he_normal are truncated at two deviations, without correction."
  )
  .since(
    "2.2.0", .truncatedCorrected, "init-variance-scaling-truncation-corrected",
    "The deviation of truncated draws is corrected.")

  public static let scaledUniformHistory = History<ScaledUniform>(
    "initializer.scaledUniform", .initializer, .trajectory, initially: .narrow
  )
  .since(
    "0.1.2", .varianceCorrect, "init-uniform-limits-variance-correct",
    "Uniform limits give the variance that is meant: √3 wider.")

  public static let orthogonalHistory = History<Orthogonal>(
    "initializer.orthogonal", .initializer, .trajectory, initially: .singularValuesOfRows
  )
  .since(
    "2.0.0", .singularValuesOfColumns, "init-orthogonal-gain-1-0",
    "Gain 1 instead of 1.1; the matrix is flattened to [rest, last axis]."
  )
  .since(
    "2.6.0", .qr, "init-rng-tf-global", "QR with positive diagonal instead of singular values.")

  public static var histories: [any AnyHistory] {
    [
      scaledNormalHistory, scaledUniformHistory, orthogonalHistory, FanRule.history,
      TheanoDraws.history,
    ]
  }
}
