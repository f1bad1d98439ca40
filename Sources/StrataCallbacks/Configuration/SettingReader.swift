package import StrataCore

/// Reads settings by name and complains about what nobody asked for.
package struct SettingReader {
  private let owner: String
  private var rest: [String: SettingValue]

  package init(_ owner: String, _ settings: [String: SettingValue]) {
    self.owner = owner
    rest = settings
  }

  /// The settings of a configuration that must be of class `owner`.
  package init(
    _ owner: String, _ configuration: CallbackConfiguration
  ) throws(HyperparameterError) {
    guard configuration.className == owner else {
      throw HyperparameterError(
        owner: owner, setting: "class_name", expected: "\"\(owner)\"",
        found: "\"\(configuration.className)\"")
    }
    self.init(owner, configuration.settings)
  }

  package mutating func double(_ name: String) throws(HyperparameterError) -> Double? {
    try read(name, "a number", \.double)
  }
  package mutating func int(_ name: String) throws(HyperparameterError) -> Int? {
    try read(name, "a whole number", \.int)
  }
  package mutating func bool(_ name: String) throws(HyperparameterError) -> Bool? {
    // Keras writes its switches (`verbose`) as 0 and 1.
    try read(name, "true or false") { $0.bool ?? $0.int.map { $0 != 0 } }
  }
  package mutating func text(_ name: String) throws(HyperparameterError) -> String? {
    try read(name, "a text", \.text)
  }
  package mutating func list<Element>(
    _ name: String, of expected: String, _ element: (SettingValue) -> Element?
  ) throws(HyperparameterError) -> [Element]? {
    try read(name, "a list of \(expected)") { value in
      guard let values = value.list else { return nil }
      let elements = values.compactMap(element)
      return elements.count == values.count ? elements : nil
    }
  }
  package mutating func mode(_ name: String) throws(HyperparameterError) -> MonitorMode? {
    try read(name, "\"auto\", \"min\" or \"max\"") { $0.text.flatMap(MonitorMode.init) }
  }

  /// Ends the reading.
  ///
  /// - Throws: `HyperparameterError` naming the settings that are left over.
  package func finish() throws(HyperparameterError) {
    guard !rest.isEmpty else { return }
    throw HyperparameterError(
      owner: owner, setting: "config", expected: "made of known settings",
      found: rest.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", "))
  }

  /// A setting that may not be absent.
  package func required<Value>(
    _ name: String, _ value: Value?
  ) throws(HyperparameterError) -> Value {
    guard let value else {
      throw HyperparameterError(owner: owner, setting: name, expected: "given", found: "nothing")
    }
    return value
  }

  mutating func read<Value>(
    _ name: String, _ expected: String, _ convert: (SettingValue) -> Value?
  ) throws(HyperparameterError) -> Value? {
    guard let value = rest.removeValue(forKey: name), value != .null else { return nil }
    guard let converted = convert(value) else {
      throw HyperparameterError(
        owner: owner, setting: name, expected: expected, found: value.description)
    }
    return converted
  }
}
