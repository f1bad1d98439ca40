internal import StrataCore

extension CodingUserInfoKey {
  /// The registry by which a decoder finds the layers of an architecture.
  public static let layerRegistry = CodingUserInfoKey(rawValue: "strata.layers").unsafelyUnwrapped
}

extension Architecture.Node: Codable {
  private enum Key: String, CodingKey { case name, layer, settings }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encode(type(of: layer).name, forKey: .layer)
    try container.encode(layer, forKey: .settings)
  }

  /// - Throws: `UnknownNameError` for a layer that the decoder's registry does not hold.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    let registry =
      decoder.userInfo[.layerRegistry] as? Registry<any Layer.Type> ?? Registry("layer")
    let type = try registry.resolve(container.decode(String.self, forKey: .layer))
    layer = try Self.decode(type, container)
  }

  private static func decode<L: Layer>(
    _ type: L.Type, _ container: KeyedDecodingContainer<Key>
  ) throws -> any Layer {
    try container.decode(type, forKey: .settings)
  }
}
