public import StrataCore

/// A file name with fields in braces, `weights.{epoch:02d}-{val_loss:.3f}.h5`.
///
/// The fields follow Python's `str.format`: `{name}` or `{name:spec}` with
/// `spec = [[fill]align][sign][#][0][width][,][.precision][type]`, align one of `<>=^`, type one
/// of `d e E f F g G n %`; `{{` and `}}` are braces.
public struct PathPattern: Sendable, Hashable {
  private enum Part: Sendable, Hashable {
    case text(String)
    case field(name: String, FormatSpec)
  }

  /// The pattern as it was written.
  public let text: String
  private let parts: [Part]

  /// The names of the fields, in order.
  public var fieldNames: [String] {
    parts.compactMap { if case .field(let name, _) = $0 { name } else { nil } }
  }

  /// - Throws: `HyperparameterError` for unbalanced braces or a format that is not understood.
  public init(_ text: String) throws(HyperparameterError) {
    self.text = text
    var parts: [Part] = []
    var literal = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character == "{" || character == "}", rest.first == character {
        literal.append(character)
        rest.removeFirst()
      } else if character == "{" {
        guard let end = rest.firstIndex(of: "}") else { throw Self.malformed(text) }
        parts.append(.text(literal))
        literal = ""
        parts.append(try Self.field(rest[..<end], in: text))
        rest = rest[rest.index(after: end)...]
      } else if character == "}" {
        throw Self.malformed(text)
      } else {
        literal.append(character)
      }
    }
    self.parts = parts + [.text(literal)]
  }

  private static func field(
    _ field: Substring, in text: String
  ) throws(HyperparameterError) -> Part {
    let halves = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = halves.first, !name.isEmpty,
      let spec = FormatSpec(parsing: halves.count > 1 ? halves[1] : "")
    else { throw malformed(text) }
    return .field(name: String(name), spec)
  }

  /// The path of one epoch.
  ///
  /// - Parameters:
  ///   - epoch: the number for `{epoch}`.
  ///   - batch: the number for `{batch}`, of files that are written within epochs.
  ///   - logs: the numbers for the other fields.
  /// - Returns: the pattern with its fields filled in.
  /// - Throws: `HyperparameterError` for a field that the epoch does not have.
  public func path(
    epoch: Int, batch: Int? = nil, _ logs: Logs
  ) throws(HyperparameterError) -> String {
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .field("epoch", let spec): result += try formatted(spec.format(epoch), "epoch")
      case .field("batch", let spec) where batch != nil:
        result += try formatted(spec.format(batch ?? 0), "batch")
      case .field(let name, let spec):
        guard let value = logs[name] else {
          throw HyperparameterError(
            owner: "path \"\(text)\"", setting: "{\(name)}",
            expected: (["epoch"] + logs.keys).joined(separator: ", "), found: name)
        }
        result += try formatted(spec.format(value), name)
      }
    }
    return result
  }

  private func formatted(
    _ result: String?, _ name: String
  ) throws(HyperparameterError) -> String {
    guard let result else { throw Self.malformed(text) }
    return result
  }

  private static func malformed(_ text: String) -> HyperparameterError {
    HyperparameterError(
      owner: "path", setting: "pattern",
      expected: "made of text and fields such as {epoch:02d} or {val_loss:.3f}",
      found: "\"\(text)\"")
  }
}
