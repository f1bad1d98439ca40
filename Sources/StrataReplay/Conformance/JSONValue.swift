import Foundation

/// A value of JSON as Python writes it: NaN and infinities may stand bare.
enum JSONValue: Decodable, Equatable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Throws: what the decoder throws for text that is not JSON.
  init(parsing text: String) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(Self.quoted(text).utf8))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let array = try? container.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self, let value = members[key], value != .null else {
      return nil
    }
    return value
  }

  var object: [String: JSONValue] {
    if case .object(let members) = self { members } else { [:] }
  }
  var array: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }
  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }
  var flag: Bool? {
    if case .flag(let flag) = self { flag } else { nil }
  }
  /// A number, also one that is not finite and so is written as a word.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .text("nan"), .text("NaN"): .nan
    case .text("inf"), .text("Infinity"): .infinity
    case .text("-inf"), .text("-Infinity"): -.infinity
    default: nil
    }
  }

  /// The text with bare `NaN`, `Infinity` and `-Infinity` in quotes.
  private static func quoted(_ text: String) -> String {
    guard text.contains("NaN") || text.contains("Infinity") else { return text }
    var result = ""
    var isInString = false
    var isEscaped = false
    var rest = Substring(text)
    while let character = rest.first {
      if !isInString,
        let word = ["NaN", "Infinity", "-Infinity"].first(where: rest.hasPrefix)
      {
        result += "\"\(word)\""
        rest = rest.dropFirst(word.count)
        continue
      }
      if character == "\"" && !isEscaped { isInString.toggle() }
      isEscaped = character == "\\" && !isEscaped
      result.append(character)
      rest = rest.dropFirst()
    }
    return result
  }
}
