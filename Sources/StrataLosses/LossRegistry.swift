public import StrataCore
public import StrataSemantics

/// The losses by name, with every release's names for them.
public struct LossRegistry: Sendable {
  public var entries: Registry<any Loss>

  public init(_ entries: Registry<any Loss>) { self.entries = entries }

  /// Each loss with the other names that releases give it.
  static let losses: [(loss: any Loss, aliases: [String])] = [
    (MeanSquaredError(), ["mse", "MSE", "MeanSquaredError"]),
    (MeanAbsoluteError(), ["mae", "MAE", "MeanAbsoluteError"]),
    (MeanAbsolutePercentageError(), ["mape", "MAPE", "MeanAbsolutePercentageError"]),
    (MeanSquaredLogarithmicError(), ["msle", "MSLE", "MeanSquaredLogarithmicError"]),
    (Hinge(), ["Hinge"]),
    (SquaredHinge(), ["SquaredHinge"]),
    (CategoricalHinge(), ["CategoricalHinge"]),
    (CategoricalCrossentropy(), ["CategoricalCrossentropy"]),
    (SparseCategoricalCrossentropy(), ["SparseCategoricalCrossentropy"]),
    (BinaryCrossentropy(), ["BinaryCrossentropy", "bce", "BCE"]),
    (BinaryFocalCrossentropy(), ["BinaryFocalCrossentropy"]),
    (CategoricalFocalCrossentropy(), ["CategoricalFocalCrossentropy"]),
    (
      KullbackLeiblerDivergence(),
      ["kld", "KLD", "kl_divergence", "KLDivergence", "kullback_leibler"]
    ),
    (Poisson(), ["poisson_loss", "Poisson"]),
    (
      CosineProximity(),
      ["cosine", "cosine_similarity", "CosineProximity", "CosineSimilarity"]
    ),
    (LogCosh(), ["log_cosh", "LogCosh", "LogCoshError"]),
    (Huber(), ["huber_loss", "Huber"]),
    (CategoricalGeneralizedCrossEntropy(), ["CategoricalGeneralizedCrossEntropy"]),
    (Dice(), ["Dice"]),
    (Tversky(), ["Tversky"]),
  ]

  public static let builtIn = LossRegistry(
    losses.reduce(Registry("loss")) { registry, entry in
      registry.adding(type(of: entry.loss).name, aliases: entry.aliases, entry.loss)
    })

  /// The registry with one more loss.
  public func adding(_ loss: any Loss, aliases: [String] = []) -> LossRegistry {
    LossRegistry(entries.adding(type(of: loss).name, aliases: aliases, loss))
  }

  /// The loss of a name, with the release's forms filled in.
  ///
  /// - Throws: `UnknownNameError` with the names that exist.
  public func resolve(
    _ name: String, _ semantics: Semantics
  ) throws(UnknownNameError) -> any Loss {
    var loss = try entries.resolve(name)
    loss.resolve(under: semantics)
    return loss
  }

  /// The loss of a name with the settings of a file, by Keras's keys, and the release's forms.
  ///
  /// - Returns: the loss, and the keys that it does not know.
  /// - Throws: `UnknownNameError` with the names that exist.
  public func loss(
    _ name: String, configuration: [String: ConfigurationValue], _ semantics: Semantics
  ) throws(UnknownNameError) -> (loss: any Loss, unknownKeys: [String]) {
    var loss = try entries.resolve(name)
    var unknown = configuration.keys.sorted()
    if var configurable = loss as? any Loss & Configurable {
      unknown = configurable.configure(configuration)
      loss = configurable
    }
    loss.resolve(under: semantics)
    return (loss, unknown)
  }
}
