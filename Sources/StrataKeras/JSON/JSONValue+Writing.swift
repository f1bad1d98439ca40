extension JSONValue: CustomStringConvertible {
  /// The text that Python's `json.dumps` writes.
  public var description: String { text() }

  /// The text, with non-finite numbers as bare words (Python) or in quotes (strict JSON).
  func text(quotingNonFinite: Bool = false) -> String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): Self.text(of: value, quotingNonFinite)
    case .string(let text): Self.quoted(text)
    case .array(let items):
      "[" + items.map { $0.text(quotingNonFinite: quotingNonFinite) }.joined(separator: ", ") + "]"
    case .object(let object):
      "{"
        + object.entries.map {
          "\(Self.quoted($0.key)): \($0.value.text(quotingNonFinite: quotingNonFinite))"
        }.joined(separator: ", ") + "}"
    }
  }

  private static func text(of value: Double, _ quotingNonFinite: Bool) -> String {
    guard !value.isFinite else { return value.description }
    let word = value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
    return quotingNonFinite ? "\"\(word)\"" : word
  }

  /// ASCII, as `json.dumps` writes: everything else as `\uXXXX`.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case 0x20..<0x7F: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result + "\""
  }
}
