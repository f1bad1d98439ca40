public import StrataCore
internal import StrataSemantics

/// Stops the training when the loss of a batch is NaN or infinite.
public final class TerminateOnNaN: ConfigurableCallback {
  public static let name = "TerminateOnNaN"

  /// Whether an error is thrown instead, so that no other callback ends its work.
  public let raisesError: Bool
  public var observesBatches: Bool { true }

  public init(raisesError: Bool = false) { self.raisesError = raisesError }

  /// - Throws: `InvalidLossError` if asked to.
  public func batchEnd(
    _ batch: Int, _ logs: Logs, _ training: any TrainingControl
  ) throws(InvalidLossError) {
    guard let loss = logs["loss"], !loss.isFinite else { return }
    if raisesError { throw InvalidLossError(batch: batch, loss: loss) }
    training.report("Batch \(batch): Invalid loss, terminating training")
    training.stop()
  }

  public static var spans: [SettingSpan] {
    [SettingSpan("raise_error", since: "3.13.0", neutral: false)]
  }

  public var configuration: CallbackConfiguration {
    CallbackConfiguration(Self.name, ["raise_error": .bool(raisesError)])
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    self.init(raisesError: try settings.bool("raise_error") ?? false)
    try settings.finish()
  }
}

/// A loss that is no number to go on with.
public struct InvalidLossError: Error, Hashable, CustomStringConvertible {
  public var batch: Int
  public var loss: Double
  public var description: String {
    "TerminateOnNaN: the loss of batch \(batch) must be finite, but got "
      + "\(PythonNumber.shortest(loss))."
  }
}
