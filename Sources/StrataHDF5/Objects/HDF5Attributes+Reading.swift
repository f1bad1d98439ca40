internal import CHDF5

extension HDF5Attributes {
  /// The text of an attribute with one element.
  public func string(_ name: String) throws(HDF5Error) -> String {
    Library.enter()
    defer { Library.leave() }
    let attribute = try Opened(name, of: node)
    try attribute.checkSingle()
    return try attribute.readStrings().first ?? ""
  }

  /// The texts of an attribute in row-major order.
  ///
  /// An attribute without elements has none, whatever its type: h5py stores an empty list, such as
  /// the `weight_names` of a layer without weights, as numbers.
  public func strings(_ name: String) throws(HDF5Error) -> [String] {
    Library.enter()
    defer { Library.leave() }
    return try Opened(name, of: node).readStrings()
  }

  /// The number of an attribute with one element, converted; see `HDF5Element`.
  public func value<Element: HDF5Element>(
    _ name: String, as element: Element.Type = Element.self
  ) throws(HDF5Error) -> Element {
    Library.enter()
    defer { Library.leave() }
    let attribute = try Opened(name, of: node)
    try attribute.checkSingle()
    return try attribute.read(as: element)[0]
  }

  /// The numbers of an attribute in row-major order, converted; see `HDF5Element`.
  public func values<Element: HDF5Element>(
    _ name: String, as element: Element.Type = Element.self
  ) throws(HDF5Error) -> [Element] {
    Library.enter()
    defer { Library.leave() }
    return try Opened(name, of: node).read(as: element)
  }

  /// The truth of an attribute with one element, a boolean or the integer 0 or 1.
  public func bool(_ name: String) throws(HDF5Error) -> Bool {
    let number = try value(name, as: Int64.self)
    guard 0...1 ~= number else {
      throw node.site.attribute(name).error(
        .valueOutOfRange, .readAttribute, "expected 0 or 1, but found \(number)")
    }
    return number == 1
  }
}

extension HDF5Attributes.Opened {
  func readStrings() throws(HDF5Error) -> [String] {
    guard extent.count > 0 else { return [] }
    guard case .string(let text) = dataType else {
      throw site.error(.wrongType, .readAttribute, "expected texts, but found \(dataType)")
    }
    let memoryType = try dataType.makeHandle(.readAttribute, site)
    return try text.read(count: extent.count, .readAttribute, site) { buffer in
      H5Aread(handle.id, memoryType.id, buffer)
    }
  }

  /// Reads the stored bytes and converts them here, because reading an attribute takes no settings.
  func read<Element: HDF5Element>(as element: Element.Type) throws(HDF5Error) -> [Element] {
    guard dataType.isNumeric else {
      throw site.error(.wrongType, .readAttribute, "expected numbers, but found \(dataType)")
    }
    guard extent.count > 0 else { return [] }
    if dataType.isFloat, Element.hdf5DataType.isInteger {
      return try Element.integers(read(as: Double.self), .readAttribute, site)
    }
    let memoryType = try Element.makeMemoryType(.readAttribute, site)
    let transfer = try StrictTransfer(into: Element.hdf5DataType, .readAttribute, site)
    let room = extent.count * max(dataType.size, MemoryLayout<Element>.stride)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
    defer { buffer.deallocate() }
    _ = try Library.check(
      H5Aread(handle.id, type.id, buffer.baseAddress), .readAttribute, site)
    let status = H5Tconvert(
      type.id, memoryType.id, extent.count, buffer.baseAddress, nil, transfer.handle.id)
    try transfer.check(status, from: dataType, to: Element.hdf5DataType)
    return (0..<extent.count).map {
      buffer.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.stride, as: Element.self)
    }
  }
}
