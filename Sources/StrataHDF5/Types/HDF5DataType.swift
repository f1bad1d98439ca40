/// The type of the elements of a dataset or an attribute.
public enum HDF5DataType: Equatable, Sendable {
  case integer(size: Int, signed: Bool, order: ByteOrder)
  case float(size: Int, order: ByteOrder)
  /// h5py's booleans: an enumeration of one byte with the members `FALSE` and `TRUE`.
  case boolean
  /// Any other enumeration, by the integers that its members are stored as.
  case enumeration(size: Int, signed: Bool, order: ByteOrder)
  case string(HDF5StringType)
  /// A type that this module reports but does not read: compound, reference, opaque and so on.
  case other(class: String, size: Int)

  /// The order of a number's bytes; numbers of one byte count as little endian.
  public enum ByteOrder: Sendable {
    case little, big

    /// The order of the machine.
    public static let host: ByteOrder = 1.littleEndian == 1 ? .little : .big
  }

  /// Bytes per element in the file; a text of variable length counts as its reference of 16.
  public var size: Int {
    switch self {
    case .integer(let size, _, _), .float(let size, _), .enumeration(let size, _, _): size
    case .boolean: 1
    case .string(let type): if case .fixed(let bytes) = type.length { bytes } else { 16 }
    case .other(_, let size): size
    }
  }

  /// Whether elements can be read as numbers.
  public var isNumeric: Bool {
    switch self {
    case .integer, .float, .boolean, .enumeration: true
    case .string, .other: false
    }
  }

  var isInteger: Bool { if case .integer = self { true } else { false } }
  var isFloat: Bool { if case .float = self { true } else { false } }

  public static let uint8 = HDF5DataType.integer(size: 1, signed: false, order: .little)
  public static let int32 = HDF5DataType.integer(size: 4, signed: true, order: .little)
  public static let int64 = HDF5DataType.integer(size: 8, signed: true, order: .little)
  public static let float32 = HDF5DataType.float(size: 4, order: .little)
  public static let float64 = HDF5DataType.float(size: 8, order: .little)
}

extension HDF5DataType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .integer(let size, let signed, let order):
      "\(signed ? "int" : "uint")\(size * 8)\(order.suffix)"
    case .float(let size, let order): "float\(size * 8)\(order.suffix)"
    case .boolean: "bool"
    case .enumeration(let size, let signed, let order):
      "enumeration of \(signed ? "int" : "uint")\(size * 8)\(order.suffix)"
    case .string(let type): type.description
    case .other(let name, let size): "\(name) of \(size) bytes"
    }
  }
}

extension HDF5DataType.ByteOrder {
  var suffix: String { self == .big ? " (big endian)" : "" }
}
