public import StrataCore

/// How a callback is built from its configuration.
public struct CallbackEntry: Sendable {
  /// Builds the callback.
  public let make: @Sendable (CallbackConfiguration) throws -> any ConfigurableCallback

  public init(
    _ make: @escaping @Sendable (CallbackConfiguration) throws -> any ConfigurableCallback
  ) {
    self.make = make
  }
}

extension Registry where Entry == CallbackEntry {
  /// The callback of a configuration.
  ///
  /// - Throws: `UnknownNameError` for a class that is not registered, `HyperparameterError` for
  ///   settings that it cannot use.
  public func callback(_ configuration: CallbackConfiguration) throws -> any ConfigurableCallback {
    try resolve(configuration.className).make(configuration)
  }
}

/// The callbacks that a recorded run can build again.
public enum CallbackRegistry {
  public static let builtIn = Registry<CallbackEntry>("callback")
    .adding(BackupAndRestore.name, CallbackEntry { try BackupAndRestore(configuration: $0) })
    .adding(CSVLogger.name, CallbackEntry { try CSVLogger(configuration: $0) })
    .adding(EarlyStopping.name, CallbackEntry { try EarlyStopping(configuration: $0) })
    .adding(ModelCheckpoint.name, CallbackEntry { try ModelCheckpoint(configuration: $0) })
    .adding(ReduceLROnPlateau.name, CallbackEntry { try ReduceLROnPlateau(configuration: $0) })
    .adding(Step.name, CallbackEntry { try Step(configuration: $0) })
    .adding(SwapEMAWeights.name, CallbackEntry { try SwapEMAWeights(configuration: $0) })
    .adding(TensorBoard.name, CallbackEntry { try TensorBoard(configuration: $0) })
    .adding(TerminateOnNaN.name, CallbackEntry { try TerminateOnNaN(configuration: $0) })
}
