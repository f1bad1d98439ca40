public import StrataCore
import StrataTensor

/// Something that knows layers by name.
public protocol LayerSource: Sendable {
  var layers: Registry<any Layer.Type> { get }
}

extension Registry: LayerSource where Entry == any Layer.Type {
  public var layers: Registry { self }
}

extension CodingUserInfoKey {
  /// The `LayerSource` by which a decoder finds layers.
  package static let layerSource = CodingUserInfoKey(rawValue: "strata.catalog")
}

extension Decoder {
  /// The layers given to the decoder, the built-in ones if none were.
  fileprivate var layers: Registry<any Layer.Type> {
    let source = CodingUserInfoKey.layerSource.flatMap { userInfo[$0] } as? any LayerSource
    return source?.layers ?? .builtIn
  }
}

/// A layer inside of a layer, coded with its name.
struct BoxedLayer: Codable {
  var layer: any Layer

  fileprivate enum Key: String, CodingKey { case layer, settings }

  init(_ layer: any Layer) { self.layer = layer }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: layer).name, forKey: .layer)
    try container.encode(layer, forKey: .settings)
  }

  /// - Throws: `UnknownNameError` for a layer that the decoder does not know.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let type = try decoder.layers.resolve(container.decode(String.self, forKey: .layer))
    layer = try container.value(of: type)
  }
}

extension KeyedDecodingContainer where Key == BoxedLayer.Key {
  fileprivate func value<L: Layer>(of type: L.Type) throws -> any Layer {
    try decode(type, forKey: .settings)
  }
}

extension Layer {
  /// Whether the other layer is of this type and has the same settings.
  func isEqual(_ other: any Layer) -> Bool { (other as? Self) == self }
}

extension LayerContext {
  /// The context of a layer inside: its parameters are those of this one after `prefix`.
  ///
  /// - Parameters:
  ///   - layer: The inner layer.
  ///   - inputs: Its inputs.
  ///   - prefix: What its parameters' names begin with here; also the end of its path.
  ///   - masks: The masks of its inputs.
  ///   - replacing: Values that take the place of parameters.
  /// - Returns: A context that shares the graph.
  func inner(
    _ layer: any Layer, _ inputs: [Tensor], prefix: String, masks: [Tensor?],
    replacing: [String: Tensor] = [:]
  ) -> LayerContext {
    var parameters = replacing
    let specs = (try? layer.parameters(for: inputs.map { $0.shape.droppingFirst() })) ?? []
    for spec in specs where replacing[spec.name] == nil {
      parameters[spec.name] = self[prefix + spec.name]
    }
    return LayerContext(
      graph: graph, path: prefix.isEmpty ? path : "\(path)/\(prefix)", isTraining: isTraining,
      masks: masks, parameters: parameters)
  }

  /// Takes over what a layer inside left in its context.
  func adopt(_ inner: LayerContext, prefix: String) {
    for update in inner.updates { self.update(prefix + update.name, to: update.value) }
    for penalty in inner.penalties { addPenalty(penalty) }
  }
}
