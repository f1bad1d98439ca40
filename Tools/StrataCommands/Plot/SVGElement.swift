/// An element of an SVG picture.
struct SVGElement {
  var name: String
  var attributes: [(name: String, value: String)] = []
  var text: String?
  var children: [SVGElement] = []

  init(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String? = nil,
    children: [SVGElement] = []
  ) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value) }
    self.text = text
    self.children = children
  }

  /// The element as text, indented.
  func written(indent: String = "") -> String {
    let settings = attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
    let opening = "\(indent)<\(name)\(settings)"
    if let text { return "\(opening)>\(Self.escaped(text))</\(name)>\n" }
    if children.isEmpty { return opening + "/>\n" }
    let inner = children.map { $0.written(indent: indent + "  ") }.joined()
    return "\(opening)>\n\(inner)\(indent)</\(name)>\n"
  }

  /// Text with the characters that XML reserves replaced; control characters are dropped.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 32: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
