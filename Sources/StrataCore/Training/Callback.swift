public import StrataSemantics

/// Reacts to the events of training.
///
/// Belongs to the task that trains.
///
/// Epochs and batches are counted from 0.
public protocol Callback: AnyObject {
  /// Fills in what the user left to the release. Called once, before `trainBegin`.
  ///
  /// - Throws: `HyperparameterError` for a setting that the release cannot follow.
  func resolve(under semantics: Semantics) throws
  func trainBegin(_ training: any TrainingControl) throws
  func trainEnd(_ training: any TrainingControl) throws
  func epochBegin(_ epoch: Int, _ training: any TrainingControl) throws
  /// - Parameter logs: the epoch's averages; values that a callback adds reach those after it.
  func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws
  func batchBegin(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws
  func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws
  /// Whether batch events are wanted; if nobody asks, none are made.
  var observesBatches: Bool { get }
}

extension Callback {
  public func resolve(under semantics: Semantics) throws {}
  public func trainBegin(_ training: any TrainingControl) throws {}
  public func trainEnd(_ training: any TrainingControl) throws {}
  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) throws {}
  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {}
  public func batchBegin(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {}
  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {}
  public var observesBatches: Bool { false }
}

/// What a callback may see and do of the training; it never holds the model.
public protocol TrainingControl: AnyObject {
  var progress: TrainingProgress { get }
  /// The optimizer's rate. Setting it takes effect with the next batch.
  var learningRate: Float { get set }
  /// Ends the training after the current epoch.
  func stop()
  /// Writes the model as it is now; the previous file stays if writing fails.
  ///
  /// - Throws: what the writer throws.
  func write(to path: String, _ content: CheckpointContent) throws
  /// A copy of the weights as they are now.
  func snapshotWeights() throws -> WeightSnapshot
  /// Puts a copy back.
  ///
  /// - Throws: what the model throws if the copy is of other shapes.
  func restoreWeights(_ snapshot: WeightSnapshot) throws
  /// A line for the person who watches.
  func report(_ message: String)
}

/// The values of a model's weights, in its order of weights.
public struct WeightSnapshot: Sendable, Hashable {
  /// The elements of each weight, in row-major order.
  public var values: [[Float]]
  public init(_ values: [[Float]]) { self.values = values }
}

/// What a checkpoint holds.
public enum CheckpointContent: String, Sendable, Hashable, Codable { case model, weights }

/// Where the training stands, and how it was asked for.
public struct TrainingProgress: Sendable, Equatable {
  public var epochs: Int
  public var initialEpoch: Int
  public var batchSize: Int?
  public var sampleCount: Int?
  public var validationSampleCount: Int?
  public var hasValidation: Bool
  /// The keys of the logs that the epochs will have, in order.
  public var metrics: [String]
  public var isStopping: Bool

  public init(
    epochs: Int, initialEpoch: Int = 0, batchSize: Int? = nil, sampleCount: Int? = nil,
    validationSampleCount: Int? = nil, hasValidation: Bool = false, metrics: [String] = [],
    isStopping: Bool = false
  ) {
    self.epochs = epochs
    self.initialEpoch = initialEpoch
    self.batchSize = batchSize
    self.sampleCount = sampleCount
    self.validationSampleCount = validationSampleCount
    self.hasValidation = hasValidation
    self.metrics = metrics
    self.isStopping = isStopping
  }
}

/// Named numbers in a fixed order.
public struct Logs: Sendable, Equatable {
  public private(set) var keys: [String] = []
  public private(set) var values: [Double] = []

  public init() {}

  public subscript(_ key: String) -> Double? {
    get { keys.firstIndex(of: key).map { values[$0] } }
    set {
      switch (keys.firstIndex(of: key), newValue) {
      case (let index?, let value?): values[index] = value
      case (nil, let value?):
        keys.append(key)
        values.append(value)
      case (let index?, nil):
        keys.remove(at: index)
        values.remove(at: index)
      case (nil, nil): break
      }
    }
  }
}
