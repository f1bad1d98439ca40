/// How text is stored.
///
/// The bytes are UTF-8 under either character set: h5py and Keras store encoded names as `ascii`.
public struct HDF5StringType: Equatable, Sendable {
  /// The room for a text.
  public enum Length: Equatable, Sendable {
    /// As long as it needs to be, stored in the file's heap.
    case variable
    /// A number of bytes.
    case fixed(Int)
  }

  /// What follows a text that is shorter than its room.
  public enum Padding: String, Sendable {
    case nullTerminated = "null-terminated"
    case nullPadded = "null-padded"
    case spacePadded = "space-padded"
  }

  /// The declared character set.
  public enum CharacterSet: String, Sendable {
    case ascii = "ASCII"
    case utf8 = "UTF-8"
  }

  public var length: Length
  public var padding: Padding
  public var characterSet: CharacterSet

  public init(
    _ length: Length, padding: Padding = .nullTerminated, characterSet: CharacterSet = .utf8
  ) {
    self.length = length
    self.padding = padding
    self.characterSet = characterSet
  }

  /// What h5py writes for a Python 3 `str`.
  public static let variableUTF8 = HDF5StringType(.variable)
  /// What h5py writes for Python 2 `str` and Python 3 `bytes` scalars, such as `keras_version`.
  public static let variableASCII = HDF5StringType(.variable, characterSet: .ascii)

  /// What h5py writes for NumPy `S` arrays, such as `layer_names`: room for the longest text.
  public static func bytes(fitting texts: [String]) -> HDF5StringType {
    let longest = texts.map(\.utf8.count).max() ?? 0
    return HDF5StringType(.fixed(max(1, longest)), padding: .nullPadded, characterSet: .ascii)
  }
}

extension HDF5StringType: CustomStringConvertible {
  public var description: String {
    switch length {
    case .variable: "string (\(characterSet.rawValue))"
    case .fixed(let bytes): "string[\(bytes)] (\(padding.rawValue) \(characterSet.rawValue))"
    }
  }
}
