extension JSONValue {
  /// The value of a JSON text; NaN, Infinity and -Infinity count as numbers.
  ///
  /// - Throws: `JSONError` with the position and what was expected there.
  public init(parsing text: String) throws(JSONError) {
    var parser = JSONParser(bytes: Array(text.utf8))
    self = try parser.document()
  }
}

/// A text that is not JSON.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  /// In bytes from the beginning.
  public var position: Int
  public var expected: String
  public var found: String
  public var description: String {
    "JSON: expected \(expected) at byte \(position), but got \(found)."
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  private var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ expected: String) -> JSONError {
    let rest = String(decoding: bytes[min(position, bytes.count)...].prefix(12), as: UTF8.self)
    return JSONError(
      position: position, expected: expected,
      found: position < bytes.count ? "\"\(rest)\"" : "the end")
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard next == nil else { throw failure("the end") }
    return value
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return .object(try nested { (p) throws(JSONError) in try p.object() })
    case UInt8(ascii: "["): return .array(try nested { (p) throws(JSONError) in try p.array() })
    case UInt8(ascii: "\""): return .string(try string())
    case nil: throw failure("a value")
    default: break
    }
    let words: [(String, JSONValue)] = [
      ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("NaN", .number(.nan)),
      ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
    ]
    for (word, value) in words where take(word) { return value }
    return try number()
  }

  private mutating func nested<Result>(
    _ body: (inout JSONParser) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    guard depth < 200 else { throw failure("at most 200 levels of nesting") }
    depth += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    while let byte = next, "+-0123456789.eE".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let value = Int(text) { return .integer(value) }
    if let value = Double(text) { return .number(value) }
    position = start
    throw failure("a value")
  }

  private mutating func array() throws(JSONError) -> [JSONValue] {
    position += 1
    var items: [JSONValue] = []
    skipSpace()
    if take("]") { return items }
    while true {
      items.append(try value())
      skipSpace()
      if take("]") { return items }
      guard take(",") else { throw failure("\",\" or \"]\"") }
    }
  }

  private mutating func object() throws(JSONError) -> JSONObject {
    position += 1
    var object = JSONObject()
    skipSpace()
    if take("}") { return object }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("a key in quotes") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw failure("\":\"") }
      object[key] = try value()
      skipSpace()
      if take("}") { return object }
      guard take(",") else { throw failure("\",\" or \"}\"") }
    }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var units: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"): units += Array(String(try escaped()).utf8)
      default: units.append(byte)
      }
    }
    throw failure("a closing quote")
  }

  private mutating func escaped() throws(JSONError) -> Character {
    guard let byte = next else { throw failure("an escaped character") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"): return Character(try unicodeScalar())
    default: return Character(Unicode.Scalar(byte))
    }
  }

  private mutating func unicodeScalar() throws(JSONError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if 0xD800..<0xDC00 ~= first, take("\\u") {
      let second = try hexadecimal()
      let code = 0x10000 + (first - 0xD800) << 10 + (second &- 0xDC00) & 0x3FF
      return Unicode.Scalar(code) ?? "\u{FFFD}"
    }
    return Unicode.Scalar(first) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    guard digits.count == 4, let value = UInt32(digits, radix: 16) else {
      throw failure("four hexadecimal digits")
    }
    position += 4
    return value
  }
}
