public import StrataCore
public import StrataTensor

/// Layers one after the other.
///
///     Sequential(input: [64]) {
///       Dense(units: 128, activation: .relu)
///       Dense(units: 10, activation: .softmax)
///     }
public struct Sequential: ArchitectureConvertible, Sendable {
  public private(set) var architecture: Architecture

  /// A model without layers; `input` is the shape of one sample.
  public init(input: Shape, name: String? = nil) {
    architecture = Architecture(
      form: .sequential, name: name, inputs: [.init(input)], nodes: [], calls: [],
      outputs: [.input(0)])
  }

  public init(
    input: Shape, name: String? = nil, @LayerListBuilder _ layers: () -> [any Layer]
  ) {
    self.init(input: input, name: name)
    for layer in layers() { add(layer) }
  }

  /// Appends a layer; a name is made when the model is built if none is given.
  public mutating func add(_ layer: any Layer, name: String? = nil) {
    architecture.nodes.append(.init(layer, name: name))
    let last = architecture.outputs
    architecture.calls.append(.init(node: architecture.nodes.count - 1, inputs: last))
    architecture.outputs = [.call(architecture.calls.count - 1)]
  }
}

/// Collects the layers of a `Sequential`.
@resultBuilder
public enum LayerListBuilder {
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap(\.self) }
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap(\.self) }
}
