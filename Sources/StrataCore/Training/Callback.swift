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
  /// Before and after the validation of an epoch.
  func testBegin(_ training: any TrainingControl) throws
  func testEnd(_ training: any TrainingControl) throws
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
  public func testBegin(_ training: any TrainingControl) throws {}
  public func testEnd(_ training: any TrainingControl) throws {}
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
  /// The names of the weights of a snapshot, in its order, for example `dense_1/kernel`.
  var weightNames: [String] { get }
  /// A line for the person who watches.
  func report(_ message: String)

  /// Everything that a training goes on from.
  func snapshotTraining() throws -> TrainingSnapshot
  /// Goes on from what was kept, with an epoch; in `trainBegin` only.
  func resume(_ snapshot: TrainingSnapshot, atEpoch epoch: Int) throws
  /// Puts the optimizer's running averages in the place of the parameters, and these in theirs.
  ///
  /// - Throws: `HyperparameterError` if the optimizer keeps none.
  func exchangeAverages() throws
  /// Makes the running averages equal to what stands in the place of the parameters.
  ///
  /// - Throws: `HyperparameterError` if the optimizer keeps none.
  func settleAverages() throws
}

extension TrainingControl {
  public var weightNames: [String] { [] }
  public func snapshotTraining() throws -> TrainingSnapshot { throw Self.refusal("snapshots") }
  public func resume(_ snapshot: TrainingSnapshot, atEpoch epoch: Int) throws {
    throw Self.refusal("snapshots")
  }
  public func exchangeAverages() throws { throw Self.refusal("running averages") }
  public func settleAverages() throws { throw Self.refusal("running averages") }

  private static func refusal(_ what: String) -> HyperparameterError {
    HyperparameterError(owner: "callback", setting: "training", expected: what, found: "none")
  }
}

/// What a training goes on from: weights, the optimizer's memory, random numbers, the order.
public struct TrainingSnapshot: Sendable, Equatable {
  /// The elements of each weight and statistic, in the model's order.
  public var weights: [[Float]]
  /// The elements of each slot of the optimizer.
  public var slots: [[Float]]
  public var iterations: Int
  public var learningRate: Float
  /// The random streams, as a text.
  public var random: String
  /// The order of the samples in the last epoch, if they are in memory.
  public var order: [Int]?

  public init(
    weights: [[Float]], slots: [[Float]], iterations: Int, learningRate: Float, random: String,
    order: [Int]? = nil
  ) {
    self.weights = weights
    self.slots = slots
    self.iterations = iterations
    self.learningRate = learningRate
    self.random = random
    self.order = order
  }
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
  /// How many steps the optimizer has made, in earlier trainings too.
  public var iterations: Int
  /// Whether the optimizer's rate follows a schedule of its own.
  public var followsSchedule: Bool
  /// The model's name, if it has one.
  public var modelName: String?

  public init(
    epochs: Int, initialEpoch: Int = 0, batchSize: Int? = nil, sampleCount: Int? = nil,
    validationSampleCount: Int? = nil, hasValidation: Bool = false, metrics: [String] = [],
    isStopping: Bool = false, iterations: Int = 0, followsSchedule: Bool = false,
    modelName: String? = nil
  ) {
    self.epochs = epochs
    self.initialEpoch = initialEpoch
    self.batchSize = batchSize
    self.sampleCount = sampleCount
    self.validationSampleCount = validationSampleCount
    self.hasValidation = hasValidation
    self.metrics = metrics
    self.isStopping = isStopping
    self.iterations = iterations
    self.followsSchedule = followsSchedule
    self.modelName = modelName
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
