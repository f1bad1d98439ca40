public import StrataCallbacks
public import StrataSemantics
public import StrataTraining

/// Everything that a training run depends on, but for tensors: what a run file and a saved model's
/// provenance hold.
public struct RunRecord: Sendable, Codable {
  public var format = 1
  /// The version of the numbers contract.
  public var numerics = StrataRelease.numerics
  /// The release of Strata that recorded; for information.
  public var strata = StrataRelease.version
  /// The machine that recorded; for information.
  public var host: Host
  public var semantics: Semantics
  public var seed: UInt64
  /// The architecture as written, nothing filled in.
  public var architecture: Architecture
  /// The architecture with the release's settings, for reading.
  public var resolved: Architecture
  public var compile: CompileDefinition
  public var fit: FitDefinition
  public var callbacks: [CallbackConfiguration]
  /// Callbacks that cannot be built again; the rates that they set are recorded.
  public var otherCallbacks: [String]
  /// The digests of the training data and of the validation data, by tensor.
  public var data: [String: Digest]
  public var validationData: [String: Digest]?
  /// The number of samples.
  public var sampleCount: Int
  public var validationSampleCount: Int?
  /// Steps taken and rate before the run.
  public var iterations: Int
  public var learningRate: Float
  /// How the run ended: `complete`, `stopped` by a callback, `interrupted`, or the error.
  public var outcome: String
  /// The keys of the values of each batch, in order.
  public var batchKeys: [String]
  /// The number of batches of each epoch.
  public var batchCounts: [Int]?
  /// The keys of the epochs' logs, in order.
  public var historyKeys: [String]
  /// The epochs that were trained.
  public var epochs: [Int]
  /// The state after each epoch.
  public var digests: [StateDigest]
}

/// What `fit` was asked for: nil is the release's own.
public struct FitDefinition: Sendable, Codable, Hashable {
  public var batchSize: Int?
  public var epochs: Int?
  public var initialEpoch: Int
  /// The order of the samples before the first epoch, of a training that was resumed.
  public var initialOrder: [Int]?
  public var shuffle: Shuffle
  public var validationSplit: Double
  public var validationFrequency: Int?
  public var validationBatchSize: Int?
  public var classWeight: [Int: Float]?
  public var hasValidationData: Bool

  public init(_ options: FitOptions) {
    batchSize = options.batchSize
    epochs = options.epochs
    initialEpoch = options.initialEpoch
    initialOrder = options.initialOrder
    shuffle = options.shuffle
    validationSplit = options.validationSplit
    validationFrequency = options.validationFrequency == 1 ? nil : options.validationFrequency
    validationBatchSize = options.validationBatchSize
    classWeight = options.classWeight
    hasValidationData = options.validationData != nil
  }

  /// The same request to `fit`, but for its data.
  public var options: FitOptions {
    var options = FitOptions()
    options.batchSize = batchSize
    options.epochs = epochs
    options.initialEpoch = initialEpoch
    options.initialOrder = initialOrder
    options.shuffle = shuffle
    options.validationSplit = validationSplit
    options.validationFrequency = validationFrequency ?? 1
    options.validationBatchSize = validationBatchSize
    options.classWeight = classWeight
    return options
  }
}
