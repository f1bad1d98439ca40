/// Prints a value as the code that builds it; settings left to the release are left out.
public enum SourceDescription {
  public static func of(_ value: Any, name: String? = nil) -> String {
    let mirror = Mirror(reflecting: value)
    let arguments = mirror.children.compactMap { child -> String? in
      guard let label = child.label, let text = text(child.value) else { return nil }
      return "\(label): \(text)"
    }
    return "\(name ?? "\(type(of: value))")(\(arguments.joined(separator: ", ")))"
  }

  private static func text(_ value: Any) -> String? {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
      return mirror.children.first.flatMap { text($0.value) }
    }
    if let string = value as? String { return "\"\(string)\"" }
    if mirror.displayStyle == .enum { return ".\(value)" }
    if mirror.displayStyle == .collection {
      return "[\(mirror.children.map { text($0.value) ?? "nil" }.joined(separator: ", "))]"
    }
    if let described = value as? any CustomStringConvertible { return described.description }
    return mirror.displayStyle == .struct ? of(value) : "\(value)"
  }
}
