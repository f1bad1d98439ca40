package import StrataKeras

/// What traces ask of JSON: a null is as good as nothing, numbers may be words.
extension JSONValue {
  var text: String? { string }
  var flag: Bool? { bool }
  var elements: [JSONValue] { array ?? [] }
  var members: [String: JSONValue] {
    Dictionary((object?.entries ?? []).map { ($0.key, $0.value) }) { $1 }
  }
  /// A number, also one that is not finite and so is written as a word.
  var numeric: Double? {
    switch self {
    case .string("nan"), .string("NaN"): .nan
    case .string("inf"), .string("Infinity"): .infinity
    case .string("-inf"), .string("-Infinity"): -.infinity
    default: double
    }
  }
}
