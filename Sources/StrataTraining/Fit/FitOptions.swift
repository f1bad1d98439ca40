public import StrataCallbacks
public import StrataCore

/// How `fit` trains.
///
/// What is nil is the release's own.
public struct FitOptions {
  public var batchSize: Int?
  /// The epoch at which training ends (the number of epochs if `initialEpoch` is 0).
  public var epochs: Int?
  /// The epoch at which to start, for a training that goes on.
  public var initialEpoch = 0
  /// The order of the samples before the first epoch, for a training that goes on; nil: as given.
  package var initialOrder: [Int]?
  public var shuffle = Shuffle.samples
  /// Samples on which loss and metrics are taken after every epoch.
  public var validationData: Dataset?
  /// The fraction of the training samples, from the end, that validates instead.
  public var validationSplit = 0.0
  /// Validation happens after every so many epochs (Keras's `validation_freq`); the others log no
  /// `val_` values.
  public var validationFrequency = 1
  /// The batch size of validation; nil: that of training.
  public var validationBatchSize: Int?
  /// A factor for the loss of the samples of each class.
  public var classWeight: [Int: Float]?
  public var verbosity = Verbosity.bar
  /// Whether SIGINT ends the training after the current batch, with the end events of callbacks.
  public var stopsOnInterrupt = false

  /// Where progress is shown.
  public var progressSink = ProgressSink.standardOutput
  /// Callbacks that only look on, called after all others; a recorded run does not mention them.
  public var watchers: [any Callback] = []
  /// Measures where the time goes.
  public var profiler: Profiler?
  /// Runs the same training in double precision beside it.
  public var shadow: Float64Shadow?
  /// Takes warnings and the messages of callbacks, a line each.
  public var report: (String) -> Void = { print($0) }

  public init() {}
}

/// Watches training from inside, for recording and replay.
package protocol FitObserver: AnyObject {
  func fitBegan(_ model: Model, _ plan: FitPlan) throws
  /// A callback put the model back to where an earlier training was.
  func fitResumed(_ model: Model, atEpoch epoch: Int, order: [Int]?) throws
  /// Whether training should end after the current batch, as by an interrupt.
  var interrupts: Bool { get }
  /// Just before a step, when every callback has had its say.
  func batchBegins(_ model: Model)
  func batchEnded(_ epoch: Int, _ batch: Int, _ values: [Float], _ model: Model) throws
  func epochEnded(_ epoch: Int, _ logs: Logs, _ model: Model) throws
  func fitEnded(_ model: Model, _ end: FitEnd) throws
}

extension FitObserver {
  package var interrupts: Bool { false }
  package func fitResumed(_ model: Model, atEpoch epoch: Int, order: [Int]?) {}
  package func batchBegins(_ model: Model) {}
}

/// How a training came to its end.
package enum FitEnd: String, Sendable, Codable {
  /// All epochs were trained.
  case complete
  /// A callback ended it.
  case stopped
  /// An interrupt or cancellation ended it within an epoch.
  case interrupted
}

/// What `fit` settled on: every choice of the release made.
package struct FitPlan: Sendable, Codable, Equatable {
  package var batchSize: Int
  package var epochs: Int
  package var initialEpoch: Int
  package var shuffle: Shuffle
  package var validationSplit: Double
  package var classWeight: [Int: Float]?
}
