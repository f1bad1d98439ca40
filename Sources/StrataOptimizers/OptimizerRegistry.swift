public import StrataCore
public import StrataSemantics

/// The rules by name.
///
/// A name stands for one rule in Keras's releases and for another in torch's.
public struct OptimizerRegistry: Sendable {
  /// The rules of Keras, tf.keras and Strata.
  public var keras: Registry<any OptimizerRule>
  /// The rules of torch.
  public var torch: Registry<any OptimizerRule>

  public init(keras: Registry<any OptimizerRule>, torch: Registry<any OptimizerRule>) {
    self.keras = keras
    self.torch = torch
  }

  public static let builtIn = OptimizerRegistry(
    keras: registry(kerasRules), torch: registry(torchRules))

  static let kerasRules: [any OptimizerRule] = [
    SGD(), RMSprop(), Adagrad(), Adadelta(), Adam(), Adamax(), Nadam(), Ftrl(), AdamW(),
    Adafactor(), Lion(), Lamb(), Muon(), ScheduleFreeAdamW(),
  ]
  static let torchRules: [any OptimizerRule] = [
    TorchSGD(), TorchRMSprop(), TorchAdagrad(), TorchAdadelta(), TorchAdam(), TorchAdamax(),
    TorchNAdam(), TorchRAdam(), TorchAdamW(), TorchAdafactor(), TorchASGD(), TorchRprop(),
  ]

  private static func registry(_ rules: [any OptimizerRule]) -> Registry<any OptimizerRule> {
    rules.reduce(Registry("optimizer")) { registry, rule in
      // Keras takes `adam` and `Adam`.
      registry.adding(type(of: rule).name, aliases: [type(of: rule).className], rule)
    }
  }

  /// The registry with one more rule for Keras's and Strata's releases.
  public func adding(_ rule: any OptimizerRule) -> OptimizerRegistry {
    var copy = self
    copy.keras = keras.adding(
      type(of: rule).name, aliases: [type(of: rule).className], rule)
    return copy
  }

  /// The rule of a name (`adam` or `Adam`), with the release's settings filled in.
  ///
  /// - Throws: `UnknownNameError`, or `HyperparameterError` if the rule has no place under the
  ///   semantics.
  public func resolve(_ name: String, _ semantics: Semantics) throws -> any OptimizerRule {
    var rule = try rule(name, semantics)
    try rule.resolve(under: semantics)
    return rule
  }

  /// The rule of a name with nothing filled in.
  ///
  /// - Throws: `UnknownNameError` with the names that exist.
  public func rule(
    _ name: String, _ semantics: Semantics
  ) throws(UnknownNameError) -> any OptimizerRule {
    try (semantics.lineage == .torch ? torch : keras).resolve(name)
  }
}
