internal import StrataCallbacks
internal import StrataCore
internal import StrataLayers
internal import StrataLosses
internal import StrataOptimizers
public import StrataSemantics
public import StrataTraining

/// Everything that ever changed between releases, by its owner: the registry that `explain` reads.
public struct HistoryCatalog: Sendable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case layer, activation, initializer, optimizer, loss, metric, fit, callback
  }

  /// What has a history: a layer class, an update rule, a loss, the fit loop.
  public struct Owner: Sendable {
    public var kind: Kind
    /// The registry's name, for example `BatchNormalization` or `adam`; what all share is named
    /// after the kind.
    public var name: String
    public var histories: [any AnyHistory]
  }

  public private(set) var owners: [Owner]

  public static let builtIn = HistoryCatalog(.builtIn)

  /// The histories of all that a catalog holds, plug-ins included.
  public init(_ catalog: Catalog) {
    owners = Self.layers(catalog) + Self.rules(catalog) + Self.losses(catalog)
    owners += [
      Owner(kind: .activation, name: "activations", histories: Activation.histories),
      Owner(
        kind: .initializer, name: "initializers",
        histories: InitializationMethod.histories + [Initializer.orthogonalGainHistory]),
      Owner(kind: .loss, name: "losses", histories: [LossReduction.history]),
      Owner(
        kind: .metric, name: "accuracy",
        histories: [AccuracyChoice.history, AccuracyLogName.history]),
      Owner(kind: .layer, name: "models", histories: ModelHistory.all),
      Owner(kind: .fit, name: "fit", histories: FitHistory.all),
    ]
    owners += Self.callbacks
    owners.removeAll { $0.histories.isEmpty }
  }

  private static func layers(_ catalog: Catalog) -> [Owner] {
    catalog.layers.names.compactMap { name in
      guard let versioned = catalog.layers[name] as? any Versioned.Type else { return nil }
      return Owner(kind: .layer, name: name, histories: versioned.histories)
    }
  }

  private static func rules(_ catalog: Catalog) -> [Owner] {
    catalog.optimizers.keras.names.compactMap { name in
      guard let rule = catalog.optimizers.keras[name] else { return nil }
      let histories = Optimizer(rule).histories + [type(of: rule).stepCounting]
      return Owner(kind: .optimizer, name: name, histories: histories)
    }
  }

  private static func losses(_ catalog: Catalog) -> [Owner] {
    let losses = catalog.losses.entries.names.compactMap { name in
      catalog.losses.entries[name].map {
        Owner(kind: .loss, name: name, histories: type(of: $0).histories)
      }
    }
    let names = Set(losses.map(\.name))
    let metrics = catalog.metrics.entries.names.filter { !names.contains($0) }.compactMap { name in
      catalog.metrics.entries[name].map {
        Owner(kind: .metric, name: name, histories: type(of: $0).histories)
      }
    }
    return losses + metrics
  }

  private static var callbacks: [Owner] {
    let lists: [(String, [any AnyHistory])] = [
      (EarlyStopping.name, EarlyStopping.histories),
      (ModelCheckpoint.name, ModelCheckpoint.histories),
      (ReduceLROnPlateau.name, ReduceLROnPlateau.histories),
      ("LearningRateScheduler", LearningRateScheduler.histories),
      (CSVLogger.name, CSVLogger.histories), (TensorBoard.name, TensorBoard.histories),
      (
        "callbacks",
        [
          CallbackList.orderHistory, EpochMessage.baseHistory, ProgressLogger.intervalHistory,
        ]
      ),
    ]
    return lists.map { Owner(kind: .callback, name: $0.0, histories: $0.1) }
  }

  /// All settings by name, each once.
  public var settings: Set<String> {
    Set(owners.flatMap { $0.histories.map(\.setting) })
  }

  /// The identifiers of all changes.
  public var changeIDs: Set<String> {
    Set(owners.flatMap { $0.histories.flatMap { $0.timeline.compactMap(\.change?.id) } })
  }
}
