/// A Swift number that can be read from a file and written to it.
///
/// Reading converts from whatever number type the file holds. Into an integer type, a value that does
/// not fit or has a fraction is an error; into a floating-point type, values are rounded.
public protocol HDF5Element: BitwiseCopyable, Sendable {
  /// The type of the elements of a dataset that is written from such values: little endian.
  static var hdf5DataType: HDF5DataType { get }

  /// The same number, if the type has it.
  init?(exactly value: Double)
}

extension Float: HDF5Element {
  public static var hdf5DataType: HDF5DataType { .float32 }
}

extension Double: HDF5Element {
  public static var hdf5DataType: HDF5DataType { .float64 }
}

extension HDF5Element where Self: FixedWidthInteger {
  public static var hdf5DataType: HDF5DataType {
    .integer(size: MemoryLayout<Self>.size, signed: isSigned, order: .little)
  }
}

extension Int8: HDF5Element {}
extension Int16: HDF5Element {}
extension Int32: HDF5Element {}
extension Int64: HDF5Element {}
extension Int: HDF5Element {}
extension UInt8: HDF5Element {}
extension UInt16: HDF5Element {}
extension UInt32: HDF5Element {}
extension UInt64: HDF5Element {}

extension HDF5Element {
  /// The values as integers; the library's own conversion errs about fractions and NaN.
  static func integers(
    _ values: [Double], _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> [Self] {
    var result: [Self] = []
    result.reserveCapacity(values.count)
    for value in values {
      guard let integer = Self(exactly: value) else {
        throw site.error(
          .valueOutOfRange, operation, "the value \(value) is not representable as \(hdf5DataType)")
      }
      result.append(integer)
    }
    return result
  }

  /// The library's type of a value in memory.
  static func makeMemoryType(
    _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    let type: HDF5DataType =
      switch hdf5DataType {
      case .integer(let size, let signed, _): .integer(size: size, signed: signed, order: .host)
      case .float(let size, _): .float(size: size, order: .host)
      default: hdf5DataType
      }
    guard MemoryLayout<Self>.stride == type.size else {
      throw site.error(.wrongType, operation, "\(Self.self) does not have the layout of \(type)")
    }
    return try type.makeHandle(operation, site)
  }
}
