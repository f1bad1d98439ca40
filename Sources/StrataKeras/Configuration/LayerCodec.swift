internal import StrataCore
internal import StrataSemantics
internal import StrataTensor

/// The configuration of a layer in the words of a release <-> the layer.
struct LayerCodec {
  var semantics: Semantics
  var dialect: KerasDialect
  var registry: Registry<any Layer.Type>
  var notes: NoteList
  /// Where images hold their channels, for layers that do not say it.
  var dataFormat: JSONValue = "channels_last"
  private let coding: SettingsCoding
  private let schemas: [ClassSchema]

  init(_ semantics: Semantics, _ registry: Registry<any Layer.Type>, _ notes: NoteList) {
    self.semantics = semantics
    self.registry = registry
    self.notes = notes
    dialect = KerasDialect(semantics)
    coding = SettingsCoding(forms: ValueForms(semantics), layers: registry)
    schemas = LayerSchemas.schemas(dialect)
  }

  // MARK: Reading

  func layer(_ name: String, _ config: JSONObject, name label: String) throws -> any Layer {
    // A registered class stands as `package>Class`.
    let className = name.split(separator: ">").last.map(String.init) ?? name
    return try known(className, config, name: label)
  }

  private func known(
    _ className: String, _ config: JSONObject, name: String
  ) throws -> any Layer {
    if className == "TensorFlowOpLayer" {
      return try TensorFlowOperation.layer(config, name, notes)
    }
    if let stand = try standIn(for: className, config, name) {
      return try known(stand.className, stand.config, name: name)
    }
    let schema =
      schemas.first { $0.className == className } ?? ClassSchema(className, isOpen: true)
    guard let type = registry[schema.name] else {
      throw KerasFileError(
        subject: "layer \(name)",
        expected: "a known layer (\(registry.names.sorted().joined(separator: ", ")))",
        found: "class \(className)")
    }
    do {
      var settings = try settings(config, schema, name)
      if settings["gateLayout"] == nil, schema.name == "LSTM" || schema.name == "GRU" {
        settings["gateLayout"] = dialect < .keras2 ? "separate" : "fused"
      }
      if settings["dataFormat"] == nil, dialect < .keras2,
        LayerSchemas.withoutOrder.contains(schema.name)
      {
        settings["dataFormat"] = dataFormat
      }
      let layer = try build(type, settings)
      let known = SettingsCoding.names(of: layer)
      for key in config.keys where schema.isOpen && !isStructural(key) {
        guard case .setting(let setting)? = schema.rule(forKey: key)?.meaning else { continue }
        if !known.contains(setting), setting != "isTrainable" {
          notes.add(
            .unknownKey, "layer \(name)", "the key \(key) is not known: \(config[key] ?? nil)")
        }
      }
      return layer
    } catch let failure as SettingsCoding.Failure {
      throw KerasFileError(
        subject: "layer \(name) (\(className)), \(failure.setting)", expected: failure.expected,
        found: failure.found)
    }
  }

  private func isStructural(_ key: String) -> Bool {
    LayerSchemas.structural(dialect).contains(key)
  }

  private func build<L: Layer>(_ type: L.Type, _ settings: JSONObject) throws -> any Layer {
    try coding.value(type, from: settings, defaults: LayerSchemas.defaults(of: type.name))
  }

  private func settings(
    _ config: JSONObject, _ schema: ClassSchema, _ name: String
  ) throws -> JSONObject {
    var settings = JSONObject()
    for (key, written) in config.entries where !isStructural(key) {
      let value = Self.plain(written)
      guard let rule = schema.rule(forKey: key) else {
        notes.add(.unknownKey, "layer \(name)", "the key \(key) is not known: \(value)")
        continue
      }
      switch rule.meaning {
      case .fromInput, .ignored: continue
      case .constant(let only):
        if value != only, !value.isNull {
          notes.add(.ignored, "layer \(name)", "\(key) = \(value) is not followed")
        }
      case .setting(let setting):
        guard !value.isNull else { continue }
        if setting == "stateful", value == .bool(true) {
          notes.add(
            .ignored, "layer \(name)", "stateful: states start as zero at every batch")
          continue
        }
        if setting == "layer" || setting == "layers" {
          settings[setting] =
            try value.array.map { .array(try $0.map { try inner($0, name) }) }
            ?? inner(value, name)
          continue
        }
        var own = try coding.own(try translated(value, rule), setting)
        own = ListForms.own(own, setting, layer: schema.name)
        settings[setting] = rule.element.map { ListForms.put(own, $0, settings[setting]) } ?? own
      }
    }
    return settings
  }

  /// A number or list that Keras 3 wraps as a tensor.
  private static func plain(_ value: JSONValue) -> JSONValue {
    guard let name = value["class_name"]?.string, ["__tensor__", "__numpy__"].contains(name),
      let content = value["config"]?["value"]
    else { return value }
    return content.array.flatMap { $0.count == 1 ? $0[0] : nil } ?? content
  }

  private func translated(_ value: JSONValue, _ rule: KeyRule) throws -> JSONValue {
    guard !rule.values.isEmpty else { return value }
    guard let pair = rule.values.first(where: { $0.file == value }) else {
      throw SettingsCoding.Failure(
        setting: rule.key,
        expected: "one of \(rule.values.map { "\($0.file)" }.joined(separator: ", "))",
        found: "\(value)")
    }
    return pair.own
  }

  /// The settings of a layer in our forms.
  func settings(of layer: any Layer) throws -> JSONObject { try coding.settings(of: layer) }

  // MARK: Writing

  /// The class name and the configuration (without name and shape) of a layer.
  func config(
    _ layer: any Layer, name: String, input: Shape
  ) throws -> (className: String, config: JSONObject) {
    let own = type(of: layer).name
    let known = schemas.first { $0.name == own }
    guard let schema = known ?? (dialect < .keras2 ? nil : ClassSchema(own, isOpen: true)) else {
      throw KerasFileError(
        subject: "layer \(name)", expected: "a layer that Keras \(semantics.version) has",
        found: own)
    }
    var settings = try coding.settings(of: layer)
    // Releases write the strides of pooling out.
    if settings["strides"] == nil { settings["strides"] = settings["poolSize"] }
    if let inner = Mirror(reflecting: layer).descendant("layer") as? any Layer {
      settings["layer"] = try written(inner, in: own, input: input)
    }
    let formed = coding.formed(layer)
    var rules = schema.rules
    if schema.isOpen {
      let covered = Set(rules.compactMap(\.setting))
      rules += SettingsCoding.names(of: layer).subtracting(covered)
        .subtracting(LayerSchemas.formulas).sorted()
        .map { KeyRule(Substring(KeyRule.snakeCase($0))) }
    }
    var config = JSONObject()
    for rule in rules where rule.since.map({ $0 <= semantics.version }) ?? true {
      if case .ignored = rule.meaning { continue }
      config[rule.key] = value(rule, settings, formed, input, name)
    }
    reportLost(settings, formed, rules, name, LayerSchemas.defaults(of: own))
    return (schema.className, config)
  }

  private func value(
    _ rule: KeyRule, _ settings: JSONObject, _ formed: [String: JSONValue?], _ input: Shape,
    _ name: String
  ) -> JSONValue {
    switch rule.meaning {
    case .constant(let value): return value
    case .ignored: return nil
    case .fromInput:
      switch rule.key {
      case "input_dim": return input.rank > 0 ? .integer(input.last) : nil
      default: return nil
      }
    case .setting(let setting):
      if let value = formed[setting] {
        if value == nil { lose(setting, settings[setting] ?? nil, name) }
        return value ?? nil
      }
      guard var value = settings[setting] else { return setting == "isTrainable" ? true : nil }
      if let element = rule.element { value = value.array?.dropFirst(element).first ?? nil }
      if dialect < .keras2 { value = ListForms.early(value, setting) }
      if let pair = rule.values.first(where: { $0.own == value }) { return pair.file }
      guard case .number(let number) = value else { return value }
      return .number(rule.isWidened ? Double(Float(number)) : number.asWritten)
    }
  }

  private func lose(_ setting: String, _ value: JSONValue, _ name: String) {
    notes.add(
      .lost, "layer \(name)", "Keras \(semantics.version) has no words for \(setting) \(value)")
  }

  /// Notes settings that no rule covers and that are not what the release does anyway.
  private func reportLost(
    _ settings: JSONObject, _ formed: [String: JSONValue?], _ rules: [KeyRule], _ name: String,
    _ defaults: JSONObject
  ) {
    let covered = Set(rules.compactMap(\.setting)).union(LayerSchemas.formulas)
    for (setting, value) in settings.entries where !covered.contains(setting) && !value.isNull {
      let otherwise = defaults[setting]
      if setting == "gateLayout" || setting == "dataFormat" || value == otherwise { continue }
      if let otherwise, (try? coding.own(otherwise, setting)) == value { continue }
      if value == .bool(false) { continue }
      lose(setting, value, name)
    }
  }
}

extension KeyRule {
  var setting: String? { if case .setting(let name) = meaning { name } else { nil } }
}

extension Double {
  /// The shortest digits that mean the same Float32, where the number is one.
  var asWritten: Double {
    let single = Float(self)
    return Double(single) == self ? single.asWritten : self
  }
}
