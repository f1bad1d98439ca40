/// The tree as lines of text.
extension FileTree {
  var lines: [String] {
    var lines = ["/"]
    Self.append(root, indent: "", to: &lines)
    return lines
  }

  private static func append(_ node: Node, indent: String, to lines: inout [String]) {
    let nameWidth = node.children.filter { $0.type != nil }.map(\.name.count).max() ?? 0
    let last = node.attributes.count + node.children.count - 1
    for (index, attribute) in node.attributes.enumerated() {
      lines.append(indent + (index == last ? "└─ " : "├─ ") + attribute.text)
    }
    for (index, child) in node.children.enumerated() {
      let isLast = node.attributes.count + index == last
      lines.append(indent + (isLast ? "└─ " : "├─ ") + child.text(nameWidth: nameWidth))
      append(child, indent: indent + (isLast ? "   " : "│  "), to: &lines)
    }
  }
}

extension FileTree.Node {
  fileprivate func text(nameWidth: Int) -> String {
    guard let type else { return kind == "group" ? name + "/" : "\(name) (\(kind))" }
    let padding = String(repeating: " ", count: max(0, nameWidth - name.count))
    let extent = shape.map { $0.isEmpty ? "scalar" : "\($0)" } ?? "no values"
    return "\(name)\(padding)  \(type) \(extent)" + (storage.map { "  (\($0))" } ?? "")
  }
}

extension FileTree.Attribute {
  private static let longest = 70

  fileprivate var text: String { "@\(name) = \(value)" }

  private var value: String {
    if let unread { return "(\(type): \(unread))" }
    let elements = texts.map { $0.map { "\"\($0)\"" } } ?? numbers?.map(Self.text) ?? []
    let joined = elements.joined(separator: ", ")
    return shape.isEmpty ? Self.shortened(joined) : "[\(Self.shortened(joined))]"
  }

  private static func text(_ number: Double) -> String {
    Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  /// The beginning of a long text, and how long it is.
  private static func shortened(_ text: String) -> String {
    guard text.count > longest else { return text }
    return "\(text.prefix(longest))… (\(text.count) characters)"
  }
}
