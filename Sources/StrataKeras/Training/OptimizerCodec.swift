internal import StrataCore
internal import StrataOptimizers
internal import StrataSemantics

/// The configuration of an optimizer in the words of a release <-> the optimizer.
struct OptimizerCodec {
  var semantics: Semantics
  var registry: OptimizerRegistry
  var schedules = ScheduleRegistry.builtIn
  var notes: NoteList

  private var dialect: KerasDialect { KerasDialect(semantics) }
  private var coding: SettingsCoding { SettingsCoding(forms: ValueForms(semantics)) }

  /// Settings of the rules before Keras 2.3; `~` marks what is kept, and written, as Float32.
  private static let early = [
    "SGD lr~=learningRate momentum~ nesterov", "RMSprop lr~=learningRate rho~ epsilon",
    "Adagrad lr~=learningRate epsilon", "Adadelta lr~=learningRate rho epsilon",
    "Adam lr~=learningRate beta_1~=beta1 beta_2~=beta2 epsilon amsgrad",
    "Adamax lr~=learningRate beta_1~=beta1 beta_2~=beta2 epsilon",
    "Nadam lr~=learningRate beta_1~=beta1 beta_2~=beta2 epsilon schedule_decay=scheduleDecay",
  ].map { ClassSchema($0) }

  /// What is composed around a rule, and keys that say nothing about the numbers.
  private static let composed: Set<String> = [
    "name", "decay", "clipnorm", "clipvalue", "global_clipnorm", "weight_decay", "use_ema",
    "ema_momentum", "ema_overwrite_frequency", "gradient_accumulation_steps", "jit_compile",
    "exclude_from_weight_decay",
    "is_legacy_optimizer", "loss_scale_factor",
  ]

  // MARK: Reading

  func optimizer(_ className: String, _ config: JSONObject) throws -> Optimizer {
    let name = className.split(separator: ">").last.map(String.init) ?? className
    if name == "MultiOptimizer" { return try optimizerOfParts(config) }
    let prototype: any OptimizerRule
    do throws(UnknownNameError) {
      prototype = try registry.rule(
        registry.keras[name] == nil ? name.lowercased() : name, semantics)
    } catch {
      throw KerasFileError(
        subject: "optimizer",
        expected: "one of \(error.known.sorted().joined(separator: ", "))",
        found: "\"\(className)\"")
    }
    let own = type(of: prototype).className
    let schema = Self.early.first { $0.className == own }
    var settings: JSONObject = [:]
    for (key, value) in config.entries where !Self.composed.contains(key) && !value.isNull {
      let setting =
        schema?.rule(forKey: key)?.setting ?? Self.spelling[key] ?? KeyRule.camelCase(key)
      settings[setting] = value
    }
    do {
      let rule: any OptimizerRule =
        if let configurable = prototype as? any OptimizerRule & Configurable {
          configured(configurable, config, name)
        } else {
          try rebuild(prototype, settings, name)
        }
      var optimizer = Optimizer(rule)
      compose(&optimizer, config)
      return optimizer
    } catch let failure as SettingsCoding.Failure {
      throw KerasFileError(
        subject: "optimizer \(name), \(failure.setting)", expected: failure.expected,
        found: failure.found)
    }
  }

  /// Keras 3's optimizer of optimizers: one for all, and others by patterns of paths.
  private func optimizerOfParts(_ config: JSONObject) throws -> Optimizer {
    func inner(_ json: JSONValue?) throws -> Optimizer {
      guard let className = json?["class_name"]?.string, let config = json?["config"]?.object else {
        throw KerasFileError(
          subject: "optimizer MultiOptimizer", expected: "optimizers with class and configuration",
          found: "\(json ?? nil)")
      }
      return try optimizer(className, config)
    }
    let map = config["optimizer_map"]?["config"]
    var result = try inner(map?["default_optimizer"])
    for (pattern, json) in map?["optimizer_map"]?.object?.entries ?? [] {
      result.parts.append(OptimizerPart(pattern, try inner(json)))
    }
    return result
  }

  /// Settings whose names do not follow from the keys.
  private static let spelling = [
    "lr": "learningRate", "beta_1": "beta1", "beta_2": "beta2",
  ]

  /// The prototype with the file's settings.
  private func rebuild<Rule: OptimizerRule>(
    _ prototype: Rule, _ changes: JSONObject, _ name: String
  ) throws -> any OptimizerRule {
    var settings = try coding.settings(of: prototype)
    let known = SettingsCoding.names(of: prototype)
    for (setting, value) in changes.entries {
      if known.contains(setting) {
        settings[setting] = value
      } else if value != .bool(false) {
        notes.add(.unknownKey, "optimizer \(name)", "the key \(setting) is not known: \(value)")
      }
    }
    return try coding.value(Rule.self, from: settings, defaults: [:])
  }

  /// The prototype with the file's settings, by the keys that it has for them.
  private func configured<Rule: OptimizerRule & Configurable>(
    _ prototype: Rule, _ config: JSONObject, _ name: String
  ) -> any OptimizerRule {
    var rule = prototype
    var values: [String: ConfigurationValue] = [:]
    for (key, value) in config.entries where !Self.composed.contains(key) && !value.isNull {
      if key == "lr" || key == "learning_rate" {
        rule.learningRate = rate(value, name)
      } else if let flag = value.bool {
        values[key] = .flag(flag)
      } else if let number = value.double {
        values[key] = .number(number)
      } else if value != .array([]) {
        notes.add(.unknownKey, "optimizer \(name)", "\(key) is not followed: \(value)")
      }
    }
    // tf.keras 2.0 to 2.10 calls Nadam's decay of the schedule `decay`.
    if decayIsSchedule(name), let decay = config["decay"]?.double {
      values["schedule_decay"] = .number(decay)
    }
    for key in rule.configure(values) where values[key] != .flag(false) {
      notes.add(
        .unknownKey, "optimizer \(name)", "the key \(key) is not known: \(config[key] ?? nil)")
    }
    return rule
  }

  private func decayIsSchedule(_ name: String) -> Bool {
    let version = semantics.position(for: "file.optimizerConfig")
    return name.lowercased() == "nadam" && version >= "2.4.0" && version < "2.11.0"
  }

  /// The rate; of a schedule that is not followed the first one, with a note.
  private func rate(_ value: JSONValue, _ name: String) -> Float? {
    if let rate = value.double { return Float(rate) }
    let settings = value["config"]
    let first =
      (settings?["initial_learning_rate"] ?? settings?["values"]?.array?.first)?.double
    if schedule(value) == nil {
      let schedule = value["class_name"]?.string ?? "another form"
      notes.add(
        .ignored, "optimizer \(name)",
        "the schedule \(schedule) of the learning rate is not followed; the rate stays "
          + (first.map { "\($0)" } ?? "the release's own"))
    }
    return first.map { Float($0) }
  }

  /// The schedule in the place of a rate; nil if it is none that is known.
  private func schedule(_ value: JSONValue?) -> (any LearningRateSchedule)? {
    guard let className = value?["class_name"]?.string, let config = value?["config"]?.object
    else { return nil }
    var settings: [String: ConfigurationValue] = [:]
    for (key, value) in config.entries where key != "name" && !value.isNull {
      settings[key] =
        value.bool.map { .flag($0) } ?? value.double.map { .number($0) }
        ?? value.string.map { .text($0) }
        ?? .numbers((value.array ?? []).compactMap(\.double))
    }
    let name = className.split(separator: ">").last.map(String.init) ?? className
    let found = try? schedules.schedule(name, configuration: settings)
    return found?.unknownKeys.isEmpty == true ? found?.schedule : nil
  }

  private func compose(_ optimizer: inout Optimizer, _ config: JSONObject) {
    func number(_ key: String) -> Float? { config[key]?.double.map { Float($0) } }
    optimizer.schedule = schedule(config["learning_rate"] ?? config["lr"])
    optimizer.decay = decayIsSchedule(optimizer.name) ? 0 : number("decay") ?? 0
    optimizer.clipNorm = number("clipnorm")
    optimizer.clipValue = number("clipvalue")
    optimizer.globalClipNorm = number("global_clipnorm")
    optimizer.weightDecay = number("weight_decay")
    optimizer.weightDecayExclusions =
      (config["exclude_from_weight_decay"]?.array ?? []).compactMap(\.string)
    if config["use_ema"]?.bool == true {
      optimizer.averaging = WeightAveraging(
        momentum: config["ema_momentum"]?.double ?? 0.99,
        overwriteFrequency: config["ema_overwrite_frequency"]?.integer)
    }
    optimizer.accumulationSteps = config["gradient_accumulation_steps"]?.integer
  }

  // MARK: Writing

  /// The class name and configuration, with the rate in force.
  func config(
    _ optimizer: Optimizer, learningRate: Float
  ) throws -> (className: String, config: JSONObject) {
    let rule = optimizer.rule
    let className = type(of: rule).className
    guard let schema = Self.early.first(where: { $0.className == className }) else {
      throw KerasFileError(
        subject: "optimizer", expected: "one that Keras \(semantics.version) has",
        found: className)
    }
    let settings = try coding.settings(of: rule)
    var config: JSONObject = [:]
    for rule in schema.rules {
      guard let setting = rule.setting, setting != "amsgrad" else { continue }
      let value = setting == "learningRate" ? .number(Double(learningRate)) : settings[setting]
      guard let number = value?.double, value?.bool == nil else {
        config[rule.key] = value ?? nil
        continue
      }
      config[rule.key] = .number(rule.isWidened ? Double(Float(number)) : number)
    }
    addComposition(&config, optimizer, className)
    reportLost(optimizer, settings, className)
    return (className, config)
  }

  private func addComposition(
    _ config: inout JSONObject, _ optimizer: Optimizer, _ className: String
  ) {
    let version = semantics.position(for: "file.optimizerConfig")
    let hasDecay = className == "SGD" || version >= "1.1.0" && className != "Nadam"
    if hasDecay { config["decay"] = .number(Double(optimizer.decay)) }
    guard version >= "1.0.0" else { return }
    if let norm = optimizer.clipNorm { config["clipnorm"] = .number(norm.asWritten) }
    if let value = optimizer.clipValue { config["clipvalue"] = .number(value.asWritten) }
  }

  private func reportLost(_ optimizer: Optimizer, _ settings: JSONObject, _ className: String) {
    let flags = ["amsgrad", "centered"].filter { settings[$0]?.bool == true }
    let parts = [
      ("globalClipNorm", optimizer.globalClipNorm != nil),
      ("weightDecay", optimizer.weightDecay != nil), ("averaging", optimizer.averaging != nil),
      ("weightDecayExclusions", !optimizer.weightDecayExclusions.isEmpty),
      ("parts", !optimizer.parts.isEmpty),
      ("accumulationSteps", optimizer.accumulationSteps != nil),
      ("the schedule of the learning rate", optimizer.schedule != nil),
    ].filter(\.1).map(\.0)
    for name in flags + parts {
      notes.add(
        .lost, "optimizer \(className)", "Keras \(semantics.version) has no words for \(name)")
    }
  }
}
