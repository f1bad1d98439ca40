internal import StrataSemantics

/// How one key of a Keras configuration and a setting of ours correspond.
///
/// Tables write rules as words, separated by spaces:
///
///     activation                     the same setting, in camel case
///     output_dim=units               a setting of another name
///     alpha~                         a Float32 that the release writes widened to Float64
///     bias_init=biasOne{one:true,zero:false}    a setting whose values have other names
///     unroll:false                   a setting that we do not have, with its only value
///     nb_row=kernelSize[0]           one number of a setting that is a list
///     -kernel_initializer            read over, and not written
///     @input_dim                     filled in from the shape of the input
///     gamma_regularizer@1.2.0        written from that release on
struct KeyRule {
  enum Meaning {
    case setting(String)
    case constant(JSONValue)
    case fromInput
    case ignored
  }
  var key: String
  var meaning: Meaning
  var isWidened = false
  /// The position in a setting that is a list.
  var element: Int?
  /// The release from which on the key is written.
  var since: Version?
  /// Values in the file and ours.
  var values: [(file: JSONValue, own: JSONValue)] = []

  init(_ word: Substring) {
    var word = word
    if let first = word.first, first == "@" || first == "-" {
      key = String(word.dropFirst())
      meaning = first == "@" ? .fromInput : .ignored
      return
    }
    if let at = word.firstIndex(of: "@") {
      since = Version(parsing: String(word[word.index(after: at)...]))
      word = word[..<at]
    }
    if let brace = word.firstIndex(of: "{") {
      values = word[word.index(after: brace)...].dropLast().split(separator: ",").map { pair in
        let sides = pair.split(separator: ":").map { Self.literal($0) }
        return (sides[0], sides[1])
      }
      word = word[..<brace]
    } else if let colon = word.firstIndex(of: ":") {
      key = String(word[..<colon])
      meaning = .constant(Self.literal(word[word.index(after: colon)...]))
      return
    }
    if word.last == "]", let bracket = word.firstIndex(of: "[") {
      element = Int(word[word.index(after: bracket)...].dropLast())
      word = word[..<bracket]
    }
    let sides = word.split(separator: "=")
    isWidened = sides[0].last == "~"
    key = String(isWidened ? sides[0].dropLast() : sides[0])
    meaning = .setting(sides.count > 1 ? String(sides[1]) : Self.camelCase(key))
  }

  /// `null`, `true`, `2`, `0.5` or a text without quotes.
  private static func literal(_ text: Substring) -> JSONValue {
    (try? JSONValue(parsing: String(text))) ?? .string(String(text))
  }

  static func rules(_ words: String) -> [KeyRule] {
    words.split(whereSeparator: \.isWhitespace).map(KeyRule.init)
  }

  /// `use_bias` as `useBias`; `trainable` is `isTrainable` everywhere.
  static func camelCase(_ key: String) -> String {
    if key == "trainable" { return "isTrainable" }
    let words = key.split(separator: "_", omittingEmptySubsequences: true)
    return (words.first.map(String.init) ?? "")
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// `useBias` as `use_bias`.
  static func snakeCase(_ setting: String) -> String {
    if setting == "isTrainable" { return "trainable" }
    var result = ""
    for letter in setting {
      if letter.isUppercase { result += "_" }
      result += letter.lowercased()
    }
    return result
  }
}

/// The configuration of one class in one dialect.
struct ClassSchema {
  /// The class name in the file.
  var className: String
  /// Our name of the layer or optimizer.
  var name: String
  var rules: [KeyRule]
  /// Whether keys without a rule are settings of ours in snake case.
  var isOpen = false

  /// A schema in words: `Class keys…` or `Class=Ours keys…`.
  init(_ line: String, isOpen: Bool = false) {
    let words = line.split(whereSeparator: \.isWhitespace)
    let names = words[0].split(separator: "=").map(String.init)
    className = names[0]
    name = names.count > 1 ? names[1] : names[0]
    rules = words.dropFirst().map(KeyRule.init)
    self.isOpen = isOpen
  }

  func rule(forKey key: String) -> KeyRule? {
    rules.first { $0.key == key }
      ?? (isOpen ? KeyRule(Substring(key)) : nil)
  }
}
