internal import StrataCore

extension Architecture.Node: Codable {
  private enum Key: String, CodingKey { case name, layer, settings, models }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encode(type(of: layer).name, forKey: .layer)
    try container.encode(layer, forKey: .settings)
    if !models.isEmpty { try container.encode(models, forKey: .models) }
  }

  /// - Throws: `UnknownNameError` for a layer that the decoder's catalog does not hold.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    let type = try decoder.catalog.layers.resolve(container.decode(String.self, forKey: .layer))
    layer = try container.decodeValue(of: type, forKey: .settings)
    models = try container.decodeIfPresent([Architecture.NestedModel].self, forKey: .models) ?? []
  }
}
