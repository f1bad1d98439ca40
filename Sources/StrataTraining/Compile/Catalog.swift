public import StrataCallbacks
public import StrataCore
public import StrataLayers
public import StrataLosses
public import StrataOptimizers

/// Everything that has a name: layers, losses, metrics, optimizers, callbacks.
///
/// A value that is passed in; plug-ins make a larger one.
public struct Catalog: Sendable, LayerSource {
  public var layers: Registry<any Layer.Type>
  public var losses: LossRegistry
  public var metrics: MetricRegistry
  public var optimizers: OptimizerRegistry
  public var schedules = ScheduleRegistry.builtIn
  public var callbacks: Registry<CallbackEntry>

  public static let builtIn = Catalog(
    layers: .builtIn, losses: .builtIn, metrics: .builtIn, optimizers: .builtIn,
    callbacks: CallbackRegistry.builtIn)
}

extension CodingUserInfoKey {
  /// The catalog by which a decoder finds layers, losses, metrics and optimizers.
  public static let catalog = CodingUserInfoKey(rawValue: "strata.catalog").unsafelyUnwrapped
}

extension Decoder {
  /// The catalog given to the decoder, the built-in one if none was.
  var catalog: Catalog { userInfo[.catalog] as? Catalog ?? .builtIn }
}

extension KeyedDecodingContainer {
  /// A value of a type that is known only when decoding.
  func decodeValue<Value: Decodable>(of type: Value.Type, forKey key: Key) throws -> Value {
    try decode(type, forKey: key)
  }
}
