public import StrataCore
public import StrataSemantics

extension OptimizerRegistry {
  /// An optimizer from its class name and the keys of Keras's `get_config`, not yet resolved.
  ///
  /// - Returns: the optimizer, and the keys that nobody took.
  /// - Throws: `UnknownNameError` with the names that exist.
  public func optimizer(
    _ name: String, configuration: [String: ConfigurationValue], _ semantics: Semantics
  ) throws(UnknownNameError) -> (optimizer: Optimizer, unknownKeys: [String]) {
    var rule = try rule(name, semantics)
    let left = configure(&rule, configuration)
    var optimizer = Optimizer(rule)
    var unknown: [String] = []
    for key in left {
      guard let value = configuration[key] else { continue }
      if !optimizer.take(key, value) { unknown.append(key) }
    }
    // Keras writes the momentum of averages even where there are none.
    if configuration["use_ema"] != .flag(true) { optimizer.averaging = nil }
    return (optimizer, unknown)
  }

  private func configure(
    _ rule: inout any OptimizerRule, _ values: [String: ConfigurationValue]
  ) -> [String] {
    var values = values
    for key in ["lr", "learning_rate"] {
      if case .number(let rate)? = values.removeValue(forKey: key) {
        rule.learningRate = Float(rate)
      }
    }
    guard var configurable = rule as? any OptimizerRule & Configurable else {
      return values.keys.sorted()
    }
    let left = configurable.configure(values)
    rule = configurable
    return left
  }
}

extension Optimizer {
  /// Takes one of the keys that every class has; false if it is none of them.
  fileprivate mutating func take(_ key: String, _ value: ConfigurationValue) -> Bool {
    switch (key, value) {
    case ("clipnorm", .number(let number)): clipNorm = Float(number)
    case ("clipvalue", .number(let number)): clipValue = Float(number)
    case ("global_clipnorm", .number(let number)): globalClipNorm = Float(number)
    case ("decay", .number(let number)): decay = Float(number)
    case ("weight_decay", .number(let number)): weightDecay = Float(number)
    case ("exclude_from_weight_decay", .texts(let patterns)): weightDecayExclusions = patterns
    case ("gradient_accumulation_steps", .number(let number)): accumulationSteps = Int(number)
    case ("use_ema", .flag): averaging = averaging ?? WeightAveraging()
    case ("ema_momentum", .number(let number)):
      averaging = averaging ?? WeightAveraging()
      averaging?.momentum = number
    case ("ema_overwrite_frequency", .number(let number)):
      averaging = averaging ?? WeightAveraging()
      averaging?.overwriteFrequency = Int(number)
    default: return false
    }
    return true
  }
}
