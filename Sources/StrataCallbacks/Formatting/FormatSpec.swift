/// A format of Python's `str.format` for one number.
///
/// Source: the Python library reference, "Format Specification Mini-Language".
struct FormatSpec: Sendable, Hashable {
  var fill: Character = " "
  var alignment: Character?
  var sign: Character = "-"
  var alternate = false
  var width = 0
  var grouping: Character?
  var precision: Int?
  var type: Character?

  /// The specification in a text such as `02d`, or nil.
  init?(parsing text: Substring) {
    var rest = text
    parseAlignment(&rest)
    if let first = rest.first, "+- ".contains(first) {
      sign = first
      rest.removeFirst()
    }
    alternate = Self.accept("#", &rest)
    if Self.accept("0", &rest) {
      if alignment == nil {
        fill = "0"
        alignment = "="
      }
    }
    width = Self.number(&rest) ?? 0
    if let first = rest.first, first == "," || first == "_" {
      grouping = first
      rest.removeFirst()
    }
    if Self.accept(".", &rest) {
      guard let digits = Self.number(&rest) else { return nil }
      precision = digits
    }
    type = rest.popFirst()
    guard rest.isEmpty, type.map({ "deEfFgGn%".contains($0) }) ?? true else { return nil }
    guard width < 1000, precision ?? 0 < 1000 else { return nil }
  }

  private mutating func parseAlignment(_ rest: inout Substring) {
    let isAlignment = { (character: Character) in "<>=^".contains(character) }
    if let second = rest.dropFirst().first, isAlignment(second) {
      fill = rest.removeFirst()
      alignment = rest.removeFirst()
    } else if let first = rest.first, isAlignment(first) {
      alignment = rest.removeFirst()
    }
  }

  private static func accept(_ character: Character, _ rest: inout Substring) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private static func number(_ rest: inout Substring) -> Int? {
    let digits = rest.prefix { "0123456789".contains($0) }
    rest = rest[digits.endIndex...]
    return Int(digits)
  }

  /// A whole number; nil where Python raises an error (a precision without a type).
  func format(_ value: Int) -> String? {
    switch type {
    case nil, "d", "n":
      precision == nil ? pad(String(value.magnitude), negative: value < 0) : nil
    default: format(Double(value))
    }
  }

  /// A number; nil where Python raises an error (type `d`).
  func format(_ value: Double) -> String? {
    guard type != "d" else { return nil }
    let scaled = type == "%" ? value * 100 : value
    let negative = scaled.sign == .minus && !scaled.isNaN
    guard let digits = digits(of: scaled.isNaN ? scaled : scaled.magnitude) else { return nil }
    let isUpper = type == "E" || type == "F" || type == "G"
    let text = isUpper ? digits.uppercased() : digits
    return pad(text + (type == "%" ? "%" : ""), negative: negative)
  }

  private func digits(of value: Double) -> String? {
    switch type {
    case "f", "F", "%": PythonNumber.fixed(value, precision ?? 6)
    case "e", "E": PythonNumber.exponent(value, precision ?? 6)
    case "g", "G", "n": PythonNumber.general(value, max(1, precision ?? 6), alternate: alternate)
    case nil where precision == nil: PythonNumber.shortest(value)
    case nil: withPoint(value)
    default: nil
    }
  }

  /// Without a type, `g` that keeps a digit after the point and turns to exponents one digit early.
  private func withPoint(_ value: Double) -> String {
    let precision = max(1, precision ?? 6)
    let general = PythonNumber.general(value, precision)
    if general.contains("e") || general.contains(".") || !value.isFinite { return general }
    guard general.count >= precision else { return general + ".0" }
    var text = PythonNumber.exponent(value, precision - 1)
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = String(text[..<mark])
    if mantissa.contains(".") {
      while mantissa.last == "0" { mantissa.removeLast() }
      if mantissa.last == "." { mantissa.removeLast() }
    }
    text = mantissa + text[mark...]
    return text
  }

  private func pad(_ unsigned: String, negative: Bool) -> String {
    let sign = negative ? "-" : sign == "-" ? "" : String(sign)
    var digits = grouped(unsigned)
    let missing = max(0, width - sign.count - digits.count)
    switch alignment ?? ">" {
    case "<": return sign + digits + String(repeating: fill, count: missing)
    case "^":
      let left = String(repeating: fill, count: missing / 2)
      return left + sign + digits + String(repeating: fill, count: missing - missing / 2)
    case "=":
      digits = String(repeating: fill, count: missing) + digits
      return sign + digits
    default: return String(repeating: fill, count: missing) + sign + digits
    }
  }

  private func grouped(_ digits: String) -> String {
    guard let grouping else { return digits }
    let whole = digits.prefix { "0123456789".contains($0) }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result.append(grouping) }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }
}
