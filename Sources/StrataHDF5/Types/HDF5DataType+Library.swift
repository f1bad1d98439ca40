internal import CHDF5

extension HDF5DataType {
  /// Describes a type of the library.
  init(_ id: hid_t) {
    let size = H5Tget_size(id)
    switch H5Tget_class(id) {
    case H5T_INTEGER: self = .integer(size: size, signed: Self.isSigned(id), order: Self.order(id))
    case H5T_FLOAT: self = .float(size: size, order: Self.order(id))
    case H5T_STRING: self = .string(HDF5StringType(id))
    case H5T_ENUM:
      let signed = Self.isSigned(id)
      self =
        Self.isBoolean(id)
        ? .boolean : .enumeration(size: size, signed: signed, order: Self.order(id))
    case H5T_COMPOUND: self = .other(class: "compound", size: size)
    case H5T_REFERENCE: self = .other(class: "reference", size: size)
    case H5T_OPAQUE: self = .other(class: "opaque", size: size)
    case H5T_BITFIELD: self = .other(class: "bit field", size: size)
    case H5T_ARRAY: self = .other(class: "array", size: size)
    case H5T_VLEN: self = .other(class: "variable-length sequence", size: size)
    case H5T_TIME: self = .other(class: "time", size: size)
    default: self = .other(class: "unknown", size: size)
    }
  }

  private static func order(_ id: hid_t) -> ByteOrder {
    H5Tget_order(id) == H5T_ORDER_BE && H5Tget_size(id) > 1 ? .big : .little
  }

  private static func isSigned(_ id: hid_t) -> Bool {
    guard H5Tget_class(id) == H5T_ENUM else { return H5Tget_sign(id) == H5T_SGN_2 }
    let base = Handle(H5Tget_super(id))
    return H5Tget_sign(base.id) == H5T_SGN_2
  }

  private static func isBoolean(_ id: hid_t) -> Bool {
    guard H5Tget_size(id) == 1, H5Tget_nmembers(id) == 2 else { return false }
    var names: [Int8: String] = [:]
    for index in 0..<UInt32(2) {
      var value: Int8 = 0
      guard H5Tget_member_value(id, index, &value) >= 0,
        let name = H5Tget_member_name(id, index)
      else { return false }
      names[value] = String(cString: name)
      H5free_memory(name)
    }
    return names == [0: "FALSE", 1: "TRUE"]
  }

  /// The library's type of this description, for numbers, booleans and texts.
  func makeHandle(
    _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    switch self {
    case .integer(let size, let signed, let order):
      return try copy(ch5_integer(Int32(size), signed ? 1 : 0, order.isBig), operation, site)
    case .float(let size, let order):
      return try copy(ch5_float(Int32(size), order.isBig), operation, site)
    case .boolean: return try Self.makeBoolean(operation, site)
    case .string(let type): return try type.makeHandle(operation, site)
    case .enumeration, .other:
      throw site.error(.wrongType, operation, "this module does not write elements of \(self)")
    }
  }

  private func copy(
    _ predefined: hid_t, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    guard predefined >= 0 else {
      throw site.error(.wrongType, operation, "this module does not write elements of \(self)")
    }
    return try .take(H5Tcopy(predefined), operation, site)
  }

  private static func makeBoolean(
    _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    let type = try Handle.take(H5Tenum_create(ch5_integer(1, 1, 0)), operation, site)
    for (name, number) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
      var value = number
      _ = try Library.check(H5Tenum_insert(type.id, name, &value), operation, site)
    }
    return type
  }
}

extension HDF5DataType.ByteOrder {
  fileprivate var isBig: Int32 { self == .big ? 1 : 0 }
}

extension HDF5StringType {
  fileprivate init(_ id: hid_t) {
    let isVariable = H5Tis_variable_str(id) > 0
    let padding: Padding =
      switch H5Tget_strpad(id) {
      case H5T_STR_NULLPAD: .nullPadded
      case H5T_STR_SPACEPAD: .spacePadded
      default: .nullTerminated
      }
    self.init(
      isVariable ? .variable : .fixed(H5Tget_size(id)), padding: padding,
      characterSet: H5Tget_cset(id) == H5T_CSET_UTF8 ? .utf8 : .ascii)
  }

  fileprivate func makeHandle(
    _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    let type = try Handle.take(H5Tcopy(ch5_c_string()), operation, site)
    let size = if case .fixed(let bytes) = length { max(1, bytes) } else { ch5_variable() }
    _ = try Library.check(H5Tset_size(type.id, size), operation, site)
    _ = try Library.check(H5Tset_strpad(type.id, libraryPadding), operation, site)
    let set = characterSet == .utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII
    _ = try Library.check(H5Tset_cset(type.id, set), operation, site)
    return type
  }

  private var libraryPadding: H5T_str_t {
    switch padding {
    case .nullTerminated: H5T_STR_NULLTERM
    case .nullPadded: H5T_STR_NULLPAD
    case .spacePadded: H5T_STR_SPACEPAD
    }
  }
}
