public import StrataCore
public import StrataSemantics

extension BatchNormalization: Versioned {
  /// Over what the statistics are taken.
  public enum Mode: Int, Sendable, Hashable, Codable {
    /// Each feature over the batch in training, by moving statistics at inference.
    case moving = 0
    /// Each sample over its last axis (Keras before 2).
    case perSample = 1
    /// Each feature over the batch in training and at inference (Keras before 2).
    case batch = 2
  }

  /// Where epsilon enters, and what `moving_variance` takes up (m, v: mean and biased variance).
  public enum Formula: String, Sendable, Hashable, Codable {
    /// s = √mean((x - m)² + ε);  y = γ·(x - m)/(s + ε) + β;  s is kept.
    case deviation
    /// y = γ·(x - m)/(√v + ε) + β;  v is kept.
    case rootPlusEpsilon
    /// y = γ·(x - m)/√(v + ε) + β;  v is kept.
    case variance
    /// As `variance`; v + ε is kept, so that ε enters twice at inference: Theano 0.9's own kernel.
    case variancePlusEpsilon
    /// As `variance`; v·n/(n - (1 + ε)) is kept, for images of channels last times n/(n - 1).
    case correctedVariance
    /// As `variance`; of images v·n/(n - 1) is kept.
    case besselOfImages
    /// As `variance`; absent time steps do not count.
    case maskedVariance
  }

  /// The divisor of `Mode.perSample` (before epsilon is added).
  public enum SampleDeviation: String, Sendable, Hashable, Codable {
    /// √v
    case deviation
    /// √(v + ε)
    case rootOfVariancePlusEpsilon
  }

  /// How a kept statistic follows the batches' ones, with v from the batch and momentum m.
  public enum MovingAverage: String, Sendable, Hashable, Codable {
    /// `s ← m·s + (1 − m)·v`.
    case plain
    /// `b ← b − (b − v)·(1 − m)` from 0, `s ← b / (1 − mᵗ)`: b and t are not saved in files.
    case debiased
  }

  /// What a layer that is not trainable does in training.
  public enum Frozen: String, Sendable, Hashable, Codable {
    /// Normalises by the batch; the moving statistics stay.
    case keepsStatistics
    /// Normalises by the batch and moves the statistics.
    case updatesStatistics
    /// Normalises by the moving statistics.
    case normalizesByMoving
  }

  public static let momentumHistory = History<Float>(
    "batchNormalization.momentum", .layer, .reporting, initially: 0.9
  )
  .since("1.0.7", 0.99, "batchnorm-momentum-0-99", "momentum 0.99 instead of 0.9.")

  public static let epsilonHistory = History<Float>(
    "batchNormalization.epsilon", .layer, .trajectory, initially: 1e-6
  )
  .since("1.0.8", 1e-5, "batchnorm-epsilon-1e-5", "epsilon 1e-5 instead of 1e-6.")
  .since("1.2.0", 1e-3, "batchnorm-epsilon-1e-3", "epsilon 1e-3 instead of 1e-5.")

  public static let gammaInitializerHistory = History<Initializer>(
    "batchNormalization.gammaInitializer", .initializer, .trajectory,
    initially: .uniform(scale: 0.05)
  )
  .since("0.3.3", .ones, "init-batchnorm-gamma-one", "gamma starts at 1, not uniform around 0.")

  public static let formulaHistory = History<Formula>(
    "batchNormalization.formula", .layer, .trajectory, initially: .deviation
  )
  .since(
    "1.0.7", .rootPlusEpsilon, "batchnorm-running-std-becomes-variance",
    "The kept statistic is a variance, not a deviation that contains epsilon."
  )
  .since(
    "1.0.8", .variance, "batchnorm-running-std-becomes-variance",
    "epsilon is added to the variance, not to its root."
  )
  .since(
    "2.1.4", .correctedVariance, "batchnorm-unbiased-moving-variance",
    "The moving variance takes up var·n/(n - (1 + epsilon)); the training output does not."
  )
  .since(
    "2.6.0", .besselOfImages, "batchnorm-fused-bessel",
    "Only images keep the unbiased variance, var·n/(n - 1)."
  )
  .since(
    "3.0.0", .variance, "batchnorm-biased-moving-variance-keras3",
    "The biased variance is kept for every rank."
  )
  .since(
    "3.0.2", .maskedVariance, "batchnorm-mask-aware", "Masked time steps do not count."
  )
  .on { !usesTheanoKernel($0) }

  /// On Theano 0.9 and later, where Keras 1.2 to 2.1.3 normalises by Theano's own kernel.
  static let theanoFormulaHistory = History<Formula>(
    formulaHistory.setting, .layer, .trajectory, initially: .deviation
  )
  .since(
    "1.0.7", .rootPlusEpsilon, "batchnorm-running-std-becomes-variance",
    "The kept statistic is a variance, not a deviation that contains epsilon."
  )
  .since(
    "1.0.8", .variance, "batchnorm-running-std-becomes-variance",
    "epsilon is added to the variance, not to its root."
  )
  .since(
    "1.2.0", .variancePlusEpsilon, "batchnorm-theano-kernel",
    "Theano's kernel is used: the moving variance takes up variance + epsilon."
  )
  .since(
    "2.1.4", .correctedVariance, "batchnorm-unbiased-moving-variance",
    "The moving variance takes up var·n/(n - (1 + epsilon)); the training output does not."
  )
  .on { usesTheanoKernel($0) }

  private static func usesTheanoKernel(_ backend: Backend) -> Bool {
    backend.kind == .theano && backend.version >= "0.9.0"
  }

  /// TensorFlow's `assign_moving_average` with and without `zero_debias`.
  public static let averagingHistory = History<MovingAverage>(
    "batchNormalization.averaging", .layer, .reporting, initially: .plain
  )
  .since(
    "2.1.3", .debiased, "batchnorm-tf-zero-debias-again",
    "On TensorFlow moving averages are debiased: a weighted mean of the batches seen so far."
  )
  .since(
    "2.3.0", .plain, "batchnorm-tf-zero-debias-off",
    "Moving averages are plain again."
  )
  .on { $0.kind == .tensorflow }

  /// The averages of a release: only TensorFlow's were ever debiased.
  static func averaging(under semantics: Semantics) -> MovingAverage {
    semantics.backend.kind == .tensorflow ? averagingHistory.value(under: semantics) : .plain
  }

  public static let sampleDeviationHistory = History<SampleDeviation>(
    "batchNormalization.sampleDeviation", .layer, .trajectory, initially: .deviation
  )
  .since(
    "1.0.5", .rootOfVariancePlusEpsilon, "batchnorm-mode1-epsilon",
    "Mode 1 divides by √(variance + epsilon) + epsilon.")

  public static let frozenHistory = History<Frozen>(
    "batchNormalization.frozen", .layer, .trajectory, initially: .keepsStatistics
  )
  .since(
    "1.0.0", .updatesStatistics, "batchnorm-frozen-updates-statistics",
    "trainable = false leaves the moving statistics moving."
  )
  .since(
    "2.0.0", .keepsStatistics, "batchnorm-frozen-keeps-statistics",
    "trainable = false keeps the moving statistics as they are."
  )
  .since(
    "2.6.0", .normalizesByMoving, "batchnorm-trainable-false-inference",
    "trainable = false also normalises by the moving statistics.")

  public static var histories: [any AnyHistory] {
    [
      momentumHistory, epsilonHistory, gammaInitializerHistory, formulaHistory,
      theanoFormulaHistory,
      sampleDeviationHistory, frozenHistory, averagingHistory,
    ]
  }

  /// The formula of a release on its backend.
  static func formula(under semantics: Semantics) -> Formula {
    let history = usesTheanoKernel(semantics.backend) ? theanoFormulaHistory : formulaHistory
    return history.value(under: semantics)
  }
}
