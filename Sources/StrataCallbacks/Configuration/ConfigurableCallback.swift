public import StrataCore

/// A callback that a recorded run can build again.
public protocol ConfigurableCallback: Callback {
  /// The class name in files, for example `EarlyStopping`.
  static var name: String { get }
  /// The settings that not every release has.
  static var spans: [SettingSpan] { get }
  /// What the callback was made with, under the names that Keras uses.
  var configuration: CallbackConfiguration { get }
  /// The callback of a configuration.
  ///
  /// - Throws: `HyperparameterError` for a setting that is unknown, missing or of no use.
  init(configuration: CallbackConfiguration) throws
}

extension ConfigurableCallback {
  public static var spans: [SettingSpan] { [] }
}

/// A callback with a memory that outlasts an interruption: counters, best values, kept weights.
///
/// `restore` is called before `trainBegin`, which then leaves the memory alone instead of
/// starting it anew. So a training that is resumed decides as if it had never stopped.
public protocol ResumableCallback: Callback {
  var state: [String: SettingValue] { get }
  /// - Throws: `HyperparameterError` for a state that another callback wrote.
  func restore(_ state: [String: SettingValue]) throws
}

/// A class and its settings, as in `{"class_name": "Step", "config": {"steps": [20]}}`.
public struct CallbackConfiguration: Sendable, Hashable, Codable {
  public var className: String
  public var settings: [String: SettingValue]

  public init(_ className: String, _ settings: [String: SettingValue] = [:]) {
    self.className = className
    self.settings = settings
  }

  private enum CodingKeys: String, CodingKey {
    case className = "class_name"
    case settings = "config"
  }
}
