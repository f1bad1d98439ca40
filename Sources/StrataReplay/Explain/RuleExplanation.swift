internal import StrataCore
public import StrataOptimizers
public import StrataSemantics

/// An update rule as a release has it: its formula and the settings that the release fills in.
public struct RuleExplanation: Sendable, Codable {
  public struct Setting: Sendable, Codable {
    public var name: String
    public var value: String
  }

  public var semantics: String
  /// The class name, for example `Adam`.
  public var rule: String
  public var equation: [String]
  public var settings: [Setting]

  /// - Throws: `UnknownNameError` with the rules that exist, or `HyperparameterError` if the rule has
  ///   no place under the semantics.
  public init(
    _ name: String, under semantics: Semantics, registry: OptimizerRegistry = .builtIn
  ) throws {
    let resolved = try registry.resolve(name, semantics)
    self.semantics = "\(semantics)"
    rule = type(of: resolved).className
    equation = resolved.equation
    settings = Reflection.settings(of: resolved).map { Setting(name: $0.name, value: $0.value) }
  }
}
