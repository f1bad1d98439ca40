public import StrataSemantics
public import StrataTensor

/// A loss: a score for each sample (and time step), which the model weights and averages.
public protocol Loss: Sendable, Codable, Equatable {
  /// The name in files and registries, for example `categorical_crossentropy`.
  static var name: String { get }
  /// The settings and formulas that changed between releases.
  static var histories: [any AnyHistory] { get }
  /// Fills in what the user left to the release. Called once, at `compile`.
  mutating func resolve(under semantics: Semantics)
  /// The score, reduced over the last axis: `[batch, …, n] -> [batch, …]`.
  func perSample(target: Tensor, prediction: Tensor) -> Tensor
  /// 1 where a score counts, `[batch, …]`, if some do not; joins the mask of the output.
  func scoreMask(target: Tensor, prediction: Tensor) -> Tensor?
  /// The shape of a target for predictions of `prediction`; both without the batch axis.
  func targetShape(for prediction: Shape) -> Shape
  /// Whether targets are the numbers of classes, which are checked before training.
  var expectsClassIndices: Bool { get }
}

extension Loss {
  public static var histories: [any AnyHistory] { [] }
  public var expectsClassIndices: Bool { false }
  public mutating func resolve(under semantics: Semantics) {}
  public func scoreMask(target: Tensor, prediction: Tensor) -> Tensor? { nil }
  public func targetShape(for prediction: Shape) -> Shape { prediction }
}
