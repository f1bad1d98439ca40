public import StrataCore
public import StrataTensor

/// A model without weights: inputs, layers, and which layer reads what.
///
/// A layer becomes a node here and thereby gets identity and a name; calling a node twice shares
/// its parameters.
public struct Architecture: Sendable, Codable {
  /// How the model was written; files say so.
  public enum Form: String, Sendable, Hashable, Codable { case sequential, graph }

  public struct Input: Sendable, Hashable, Codable {
    public var name: String?
    /// The shape of one sample.
    public var shape: Shape
    public init(_ shape: Shape, name: String? = nil) {
      self.shape = shape
      self.name = name
    }
  }

  public struct Node: Sendable {
    /// nil: named after its class when the model is built.
    public var name: String?
    public var layer: any Layer
    /// The models inside of which a file holds the layer, the outermost first.
    public var models: [NestedModel]
    public init(_ layer: any Layer, name: String? = nil, models: [NestedModel] = []) {
      self.layer = layer
      self.name = name
      self.models = models
    }
  }

  /// A model that stands inside of another in a file; here its layers are layers of the whole.
  public struct NestedModel: Sendable, Hashable, Codable {
    public var name: String
    /// `Sequential`, `Functional` or `Model`.
    public var className: String
    public init(name: String, className: String) {
      self.name = name
      self.className = className
    }
  }

  /// Where a value comes from: an input of the model, or a call of a layer.
  public enum Source: Sendable, Hashable, Codable {
    case input(Int)
    case call(Int)
    /// What the layer of a call gives besides its output, counted from 1.
    case further(Int, output: Int)
  }

  /// One use of a node.
  public struct Call: Sendable, Hashable, Codable {
    public var node: Int
    public var inputs: [Source]
    public init(node: Int, inputs: [Source]) {
      self.node = node
      self.inputs = inputs
    }
  }

  public var form: Form
  public var name: String?
  public var inputs: [Input]
  public var nodes: [Node]
  /// In an order in which each reads only inputs and earlier calls.
  public var calls: [Call]
  public var outputs: [Source]

  public init(
    form: Form, name: String? = nil, inputs: [Input], nodes: [Node], calls: [Call],
    outputs: [Source]
  ) {
    self.form = form
    self.name = name
    self.inputs = inputs
    self.nodes = nodes
    self.calls = calls
    self.outputs = outputs
  }
}

/// Something that describes a model: `Sequential`, a `GraphBuilder`'s result, an `Architecture`.
public protocol ArchitectureConvertible {
  var architecture: Architecture { get }
}

extension Architecture: ArchitectureConvertible {
  public var architecture: Architecture { self }
}

extension Architecture: CustomStringConvertible {
  /// The code that builds it.
  public var description: String {
    switch form {
    case .sequential:
      let lines = nodes.map { "  \($0.layer.description)" }
      return "Sequential(input: \(inputs.first?.shape.description ?? "[]")) {\n"
        + lines.joined(separator: "\n") + "\n}"
    case .graph:
      var lines = inputs.enumerated().map {
        "let input\($0) = graph.input(\($1.shape)\($1.name.map { ", name: \"\($0)\"" } ?? ""))"
      }
      lines += nodes.enumerated().map { index, node in
        let name = node.name.map { ", name: \"\($0)\"" } ?? ""
        return "let node\(index) = graph.node(\(node.layer.description)\(name))"
      }
      lines += calls.enumerated().map { index, call in
        "let value\(index) = node\(call.node)(\(call.inputs.map(spelling).joined(separator: ", ")))"
      }
      let results = outputs.map(spelling).joined(separator: ", ")
      return (lines + ["graph.architecture(outputs: [\(results)])"]).joined(separator: "\n")
    }
  }

  private func spelling(_ source: Source) -> String {
    switch source {
    case .input(let index): "input\(index)"
    case .call(let index): "value\(index)"
    case .further(let index, let output): "graph.further(value\(index), \(output))"
    }
  }
}
