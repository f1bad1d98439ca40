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
  /// How metrics were reported: nil as averages of batches, whatever the release; 2 as the release
  /// does.
  public var reporting: Int? = 2
}

extension RunRecord {
  /// The semantics under which the run's logs come out again.
  var reportingSemantics: Semantics {
    guard reporting == nil else { return semantics }
    return semantics.overriding("metrics.aggregation", with: "2.2.0")
      .overriding("metrics.masks", with: "1.2.0")
      .overriding("fit.outputLossAverage", with: "2.2.0")
  }

  /// The epochs that have a value of a key, in order: validation may be due in some only.
  public func epochs(of key: String) -> [Int] {
    guard key.hasPrefix("val_") else { return epochs }
    return epochs.filter { ($0 + 1).isMultiple(of: max(fit.validationFrequency ?? 1, 1)) }
  }

  /// The value of a key after an epoch, out of the key's values in order.
  public func value(of key: String, after epoch: Int, in values: [Double]) -> Double? {
    guard let index = epochs(of: key).firstIndex(of: epoch), values.indices.contains(index) else {
      return nil
    }
    return values[index]
  }
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
  public var classWeight: [Int: Float]?
  public var hasValidationData: Bool
  /// After how many epochs validation is due; nil: after each.
  public var validationFrequency: Int?
  public var validationBatchSize: Int?

  public init(_ options: FitOptions) {
    batchSize = options.batchSize
    epochs = options.epochs
    initialEpoch = options.initialEpoch
    initialOrder = options.initialOrder
    shuffle = options.shuffle
    validationSplit = options.validationSplit
    classWeight = options.classWeight
    hasValidationData = options.validationData != nil
    validationFrequency = options.validationFrequency == 1 ? nil : options.validationFrequency
    validationBatchSize = options.validationBatchSize
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
    options.classWeight = classWeight
    options.validationFrequency = validationFrequency ?? 1
    options.validationBatchSize = validationBatchSize
    return options
  }
}
