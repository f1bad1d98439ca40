/// A release number, compared number by number: `1.0.8 < 1.2.0`, `2.0 == 2.0.0`.
public struct Version: Sendable, Hashable, Codable {
  public let numbers: [Int]

  public init(_ numbers: Int...) { self.numbers = Self.trimmed(numbers) }

  /// The version in a text such as `1.2.0` or `v3.15.1`, or nil.
  public init?(parsing text: String) {
    let digits = text.hasPrefix("v") ? text.dropFirst() : Substring(text)
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = parts.compactMap(\.self)
    guard !parts.isEmpty, numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    self.numbers = Self.trimmed(numbers)
  }

  private static func trimmed(_ numbers: [Int]) -> [Int] {
    numbers + [Int](repeating: 0, count: max(0, 3 - numbers.count))
  }
}

extension Version: Comparable {
  public static func < (a: Version, b: Version) -> Bool {
    a.numbers.lexicographicallyPrecedes(b.numbers)
  }
}

extension Version: ExpressibleByStringLiteral {
  /// A version written in source; the text must be a version.
  public init(stringLiteral text: String) {
    guard let version = Version(parsing: text) else {
      preconditionFailure("version: expected numbers such as \"1.2.0\", but got \"\(text)\".")
    }
    self = version
  }
}

extension Version: CustomStringConvertible {
  public var description: String { numbers.map(String.init).joined(separator: ".") }
}
