public import StrataCore

/// A callback made of functions, one for each event that is of interest.
public final class LambdaCallback: Callback {
  public typealias TrainEvent = (any TrainingControl) throws -> Void
  public typealias EpochBeginEvent = (Int, any TrainingControl) throws -> Void
  public typealias EpochEndEvent = (Int, inout Logs, any TrainingControl) throws -> Void
  public typealias BatchEvent = (Int, Logs, any TrainingControl) throws -> Void

  private let trainBegin: TrainEvent?
  private let trainEnd: TrainEvent?
  private let epochBegin: EpochBeginEvent?
  private let epochEnd: EpochEndEvent?
  private let batchBegin: BatchEvent?
  private let batchEnd: BatchEvent?

  public init(
    trainBegin: TrainEvent? = nil, trainEnd: TrainEvent? = nil,
    epochBegin: EpochBeginEvent? = nil, epochEnd: EpochEndEvent? = nil,
    batchBegin: BatchEvent? = nil, batchEnd: BatchEvent? = nil
  ) {
    self.trainBegin = trainBegin
    self.trainEnd = trainEnd
    self.epochBegin = epochBegin
    self.epochEnd = epochEnd
    self.batchBegin = batchBegin
    self.batchEnd = batchEnd
  }

  public var observesBatches: Bool { batchBegin != nil || batchEnd != nil }

  public func trainBegin(_ training: any TrainingControl) throws { try trainBegin?(training) }
  public func trainEnd(_ training: any TrainingControl) throws { try trainEnd?(training) }
  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) throws {
    try epochBegin?(epoch, training)
  }
  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    try epochEnd?(epoch, &logs, training)
  }
  public func batchBegin(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    try batchBegin?(batch, logs, training)
  }
  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    try batchEnd?(batch, logs, training)
  }
}
