internal import Foundation
internal import StrataCore
internal import StrataLayers

/// Values of ours as objects of settings, and back.
struct SettingsCoding {
  var forms: ValueForms
  /// The layers that may stand inside of others; nil for the built-in ones.
  var layers: (any LayerSource)?

  /// A setting that cannot be read.
  struct Failure: Error {
    var setting: String
    var expected: String
    var found: String
  }

  /// The settings of a value by name, in our forms.
  func settings<Value: Encodable>(of value: Value) throws -> JSONObject {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return try JSONValue(parsing: text).object ?? [:]
  }

  /// A value from settings; what is missing comes from `defaults`, where values are in file forms.
  func value<Value: Decodable>(
    _ type: Value.Type, from settings: JSONObject, defaults: JSONObject
  ) throws -> Value {
    let decoder = JSONDecoder()
    if let key = CodingUserInfoKey.layerSource { decoder.userInfo[key] = layers }
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    var settings = settings
    while true {
      let text = JSONValue.object(settings).text(quotingNonFinite: true)
      do {
        return try decoder.decode(type, from: Data(text.utf8))
      } catch DecodingError.keyNotFound(let key, let context) {
        guard context.codingPath.isEmpty, let value = defaults[key.stringValue],
          settings[key.stringValue] == nil
        else {
          throw Failure(
            setting: key.stringValue, expected: "a value", found: "none")
        }
        settings[key.stringValue] = try own(value, key.stringValue)
      } catch let error as UnknownNameError {
        let setting = settings.entries.first { $0.value == .string(error.name) }?.key
        throw Failure(
          setting: setting ?? error.kind,
          expected: "one of \(error.known.sorted().joined(separator: ", "))",
          found: "\"\(error.name)\"")
      } catch let error as DecodingError {
        throw failure(error, settings)
      }
    }
  }

  private func failure(_ error: DecodingError, _ settings: JSONObject) -> Failure {
    let (context, expected): (DecodingError.Context, String) =
      switch error {
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        (context, "a value of type \(type)")
      case .dataCorrupted(let context):
        (context, "a valid value")
      case .keyNotFound(_, let context): (context, "a value")
      @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "a value")
      }
    let setting = context.codingPath.first?.stringValue ?? "settings"
    return Failure(
      setting: setting, expected: expected, found: "\(settings[setting] ?? .null)")
  }

  /// A value of a file in the form that our type decodes; the setting's name tells its kind.
  func own(_ value: JSONValue, _ setting: String) throws -> JSONValue {
    do {
      if setting.hasSuffix("Initializer") { return try encoded(forms.initializer(value)) }
      if setting.hasSuffix("Regularizer") { return try encoded(forms.regularizer(value)) }
      if setting.hasSuffix("Constraint") { return try encoded(forms.constraint(value)) }
    } catch let failure as ValueForms.Failure {
      throw Failure(setting: setting, expected: failure.expected, found: failure.found)
    }
    if setting == "axes", value.integer != nil { return .array([value, value]) }
    if setting == "axis", let axes = value.array, axes.count == 1 { return axes[0] }
    if setting.lowercased().hasSuffix("activation"), let name = value["class_name"]?.string {
      return .string(KeyRule.snakeCase(name.prefix(1).lowercased() + name.dropFirst()))
    }
    return value
  }

  private func encoded<Value: Encodable>(_ value: Value) throws -> JSONValue {
    try JSONValue(parsing: String(decoding: JSONEncoder().encode(value), as: UTF8.self))
  }

  /// The initializers, regularizers and constraints of a value in the forms of the file.
  ///
  /// - Returns: By setting; `.some(nil)` where the release has no words for it.
  func formed(_ value: Any) -> [String: JSONValue?] {
    var result: [String: JSONValue?] = [:]
    for (label, child) in Mirror(reflecting: value).children {
      guard let label else { continue }
      if let initializer = child as? Initializer {
        result[label] = .some(forms.json(initializer))
      } else if let regularizer = child as? Regularizer {
        result[label] = forms.json(regularizer, isActivity: label == "activityRegularizer")
      } else if let constraint = child as? Constraint {
        result[label] = forms.json(constraint)
      }
    }
    return result
  }

  /// The names of a value's settings.
  static func names(of value: Any) -> Set<String> {
    Set(Mirror(reflecting: value).children.compactMap(\.label))
  }
}
