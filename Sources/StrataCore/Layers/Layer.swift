public import StrataSemantics
public import StrataTensor

/// A description of one layer: its settings, the shapes of its parameters, how outputs follow from
/// inputs.
///
/// A value without weights; the model owns those.
///
/// Shapes given to and returned by a layer leave out the batch axis; tensors have it in front.
public protocol Layer: Sendable, Codable, Equatable {
  /// The class name in files and registries, for example `Dense`.
  static var name: String { get }

  /// Fills in what the user left to the release. Called once, when a model is built.
  mutating func resolve(under semantics: Semantics)

  /// The shape of the output, without the batch axis.
  ///
  /// - Throws: `LayerError` where the inputs do not fit.
  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape

  /// The parameters and statistics, in the order in which they are drawn and saved.
  ///
  /// - Throws: `LayerError` where the inputs do not fit.
  func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec]

  /// The output, `[batch] + outputShape`.
  func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor

  /// The shapes of what the layer gives besides its output, for example its last states.
  ///
  /// - Throws: `LayerError` where the inputs do not fit.
  func furtherShapes(for inputs: [Shape]) throws(LayerError) -> [Shape]

  /// The output, and what there is besides it.
  func outputs(_ inputs: [Tensor], _ context: LayerContext) -> [Tensor]

  /// The mask that goes with the output, given the context's input masks.
  func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor?

  /// Whether inputs may come with a mask; if not, a mask is an error.
  static var supportsMasking: Bool { get }

  /// Whether the layer's own settings put a penalty on its output.
  var activityRegularizer: Regularizer? { get }

  /// False for a layer whose parameters are kept as they are.
  var isTrainable: Bool { get }
}

extension Layer {
  public mutating func resolve(under semantics: Semantics) {}
  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] { [] }
  public func furtherShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { [] }
  public func outputs(_ inputs: [Tensor], _ context: LayerContext) -> [Tensor] {
    [forward(inputs, context)]
  }
  /// A mask passes through unchanged.
  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    context.masks.first ?? nil
  }
  public static var supportsMasking: Bool { false }
  public var activityRegularizer: Regularizer? { nil }
  public var isTrainable: Bool { true }

  /// The layer's settings as the code that builds it: `Dense(units: 10, activation: .softmax)`.
  public var description: String { SourceDescription.of(self) }

  /// The only input shape of a layer that takes one.
  ///
  /// - Throws: `LayerError` if there is not exactly one.
  public func single(_ inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count == 1 else {
      throw LayerError(layer: description, expected: "one input", found: "\(inputs.count)")
    }
    return inputs[0]
  }
}

/// A layer that cannot take what it was given.
public struct LayerError: Error, Hashable, CustomStringConvertible {
  /// The layer as the user wrote it.
  public var layer: String
  /// The name of the layer in its model, if it is in one.
  public var name: String?
  public var expected: String
  public var found: String

  public init(layer: String, name: String? = nil, expected: String, found: String) {
    self.layer = layer
    self.name = name
    self.expected = expected
    self.found = found
  }

  public var description: String {
    "\(name.map { "\($0): " } ?? "")\(layer): expected \(expected), but got \(found)."
  }
}
