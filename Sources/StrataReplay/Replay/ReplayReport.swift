public import StrataSemantics

/// One epoch of a replay beside the recorded one.
public struct EpochReplay: Sendable, Codable {
  public var epoch: Int
  /// Loss and metrics: key, recorded, replayed.
  public var values: [Value]
  public var recordedDigest: Digest
  public var replayedDigest: Digest
  /// The first batch whose values differ, counted from 0 in the epoch.
  public var firstDifferentBatch: Int?
  /// The first tensor of the state that differs after the epoch.
  public var firstDifferentTensor: String?

  public struct Value: Sendable, Codable {
    public var key: String
    public var recorded: Double?
    public var replayed: Double

    /// Whether the bits agree; two NaNs do, whatever their sign and payload.
    public var isIdentical: Bool {
      guard let recorded else { return false }
      return recorded.bitPattern == replayed.bitPattern || recorded.isNaN && replayed.isNaN
    }
  }

  public var isIdentical: Bool {
    recordedDigest == replayedDigest && firstDifferentBatch == nil
      && values.allSatisfy(\.isIdentical)
  }
}

/// What a replay found.
public struct ReplayReport: Sendable, Codable {
  public var recorded: Semantics
  public var replayed: Semantics
  public var epochs: [EpochReplay]
  /// How many epochs the record has.
  public var recordedEpochCount: Int

  /// Whether every epoch came out to the last bit.
  public var isIdentical: Bool {
    epochs.count == recordedEpochCount && epochs.allSatisfy(\.isIdentical)
  }

  /// The first epoch that differs.
  public var firstDifference: EpochReplay? { epochs.first { !$0.isIdentical } }

  /// The first place that differs, in words, or nil.
  public var difference: String? {
    guard let epoch = firstDifference else {
      return epochs.count == recordedEpochCount
        ? nil : "\(epochs.count) epochs were trained, \(recordedEpochCount) are recorded"
    }
    let batch = epoch.firstDifferentBatch.map { ", batch \($0)" } ?? ""
    let tensor = epoch.firstDifferentTensor.map { ", tensor \($0)" } ?? ""
    let value = epoch.values.first { !$0.isIdentical }.map { ", value \($0.key)" } ?? ""
    return "epoch \(epoch.epoch)\(batch)\(tensor)\(value)"
  }
}

/// Data that is not what a run was recorded with.
public struct ReplayError: Error, Hashable, CustomStringConvertible {
  public var place: String
  public var expected: String
  public var found: String
  public var description: String { "replay: \(place): expected \(expected), but got \(found)." }
}
