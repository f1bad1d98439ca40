/// The value of a setting in a file or on a command line.
public enum ConfigurationValue: Sendable, Hashable {
  case number(Double)
  case flag(Bool)
  case numbers([Double])
  case text(String)
  case texts([String])
}

/// A setting under the key that files give it.
public struct Setting<Owner> {
  public let key: String
  /// The value; nil where it is left to the release.
  public let value: (Owner) -> ConfigurationValue?
  /// Sets the value; false if it is of the wrong kind.
  public let set: (inout Owner, ConfigurationValue) -> Bool

  public static func number(
    _ key: String, _ path: WritableKeyPath<Owner, Double?>
  ) -> Setting {
    Setting(key: key) {
      $0[keyPath: path].map(ConfigurationValue.number)
    } set: { owner, value in
      guard case .number(let number) = value else { return false }
      owner[keyPath: path] = number
      return true
    }
  }

  public static func number(_ key: String, _ path: WritableKeyPath<Owner, Double>) -> Setting {
    Setting(key: key) {
      .number($0[keyPath: path])
    } set: { owner, value in
      guard case .number(let number) = value else { return false }
      owner[keyPath: path] = number
      return true
    }
  }

  public static func number(_ key: String, _ path: WritableKeyPath<Owner, Float>) -> Setting {
    Setting(key: key) {
      .number(Double($0[keyPath: path]))
    } set: { owner, value in
      guard case .number(let number) = value else { return false }
      owner[keyPath: path] = Float(number)
      return true
    }
  }

  public static func number(_ key: String, _ path: WritableKeyPath<Owner, Float?>) -> Setting {
    Setting(key: key) {
      $0[keyPath: path].map { .number(Double($0)) }
    } set: { owner, value in
      guard case .number(let number) = value else { return false }
      owner[keyPath: path] = Float(number)
      return true
    }
  }

  public static func integer(_ key: String, _ path: WritableKeyPath<Owner, Int?>) -> Setting {
    Setting(key: key) {
      $0[keyPath: path].map { .number(Double($0)) }
    } set: { owner, value in
      guard case .number(let number) = value, let integer = Int(exactly: number) else {
        return false
      }
      owner[keyPath: path] = integer
      return true
    }
  }

  public static func integer(_ key: String, _ path: WritableKeyPath<Owner, Int>) -> Setting {
    Setting(key: key) {
      .number(Double($0[keyPath: path]))
    } set: { owner, value in
      guard case .number(let number) = value, let integer = Int(exactly: number) else {
        return false
      }
      owner[keyPath: path] = integer
      return true
    }
  }

  public static func numbers(_ key: String, _ path: WritableKeyPath<Owner, [Double]>) -> Setting {
    Setting(key: key) {
      .numbers($0[keyPath: path])
    } set: { owner, value in
      guard case .numbers(let numbers) = value else { return false }
      owner[keyPath: path] = numbers
      return true
    }
  }

  public static func flag(_ key: String, _ path: WritableKeyPath<Owner, Bool>) -> Setting {
    Setting(key: key) {
      .flag($0[keyPath: path])
    } set: { owner, value in
      switch value {
      case .flag(let flag): owner[keyPath: path] = flag
      case .number(let number): owner[keyPath: path] = number != 0
      case .numbers, .text, .texts: return false
      }
      return true
    }
  }
}

extension Setting {
  /// A closed choice, by the words of files.
  public static func choice<Choice: RawRepresentable>(
    _ key: String, _ path: WritableKeyPath<Owner, Choice>
  ) -> Setting where Choice.RawValue == String {
    Setting(key: key) {
      .text($0[keyPath: path].rawValue)
    } set: { owner, value in
      guard case .text(let text) = value, let choice = Choice(rawValue: text) else { return false }
      owner[keyPath: path] = choice
      return true
    }
  }
}

/// A thing whose settings have keys in files.
public protocol Configurable {
  static var settings: [Setting<Self>] { get }
}

extension Configurable {
  /// The settings by key; those left to the release are left out.
  public var configuration: [String: ConfigurationValue] {
    var result: [String: ConfigurationValue] = [:]
    for setting in Self.settings { result[setting.key] = setting.value(self) }
    return result
  }

  /// Takes the settings whose keys it knows.
  ///
  /// - Returns: the keys that it does not know, or whose values are of the wrong kind.
  public mutating func configure(_ values: [String: ConfigurationValue]) -> [String] {
    var left: [String] = []
    for (key, value) in values {
      let setting = Self.settings.first { $0.key == key }
      if setting?.set(&self, value) != true { left.append(key) }
    }
    return left.sorted()
  }
}
