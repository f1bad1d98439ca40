internal import CHDF5

extension HDF5Attributes {
  /// Sets an attribute to one number; replaces an attribute of that name.
  public func set<Element: HDF5Element>(
    _ name: String, to value: Element
  ) throws(HDF5Error) {
    try set(name, to: [value], shape: [])
  }

  /// Sets an attribute to numbers in row-major order; replaces an attribute of that name.
  ///
  /// - Parameters:
  ///   - name: The attribute's name.
  ///   - values: As many as the shape has elements; none are stored as h5py stores an empty list.
  ///   - shape: Any number of sizes; nil: one axis.
  /// - Throws: `HDF5Error`.
  public func set<Element: HDF5Element>(
    _ name: String, to values: [Element], shape: [Int]? = nil
  ) throws(HDF5Error) {
    let shape = shape ?? [values.count]
    try replace(name, Element.hdf5DataType, shape, count: values.count) {
      (attribute, site) throws(HDF5Error) in
      let memoryType = try Element.makeMemoryType(.writeAttribute, site)
      let status = values.withUnsafeBytes { H5Awrite(attribute, memoryType.id, $0.baseAddress) }
      _ = try Library.check(status, .writeAttribute, site)
    }
  }

  /// Sets an attribute to one boolean, stored as h5py stores it; replaces an attribute of that name.
  public func set(_ name: String, to value: Bool) throws(HDF5Error) {
    try replace(name, .boolean, [], count: 1) { (attribute, site) throws(HDF5Error) in
      let memoryType = try HDF5DataType.boolean.makeHandle(.writeAttribute, site)
      var byte: Int8 = value ? 1 : 0
      _ = try Library.check(H5Awrite(attribute, memoryType.id, &byte), .writeAttribute, site)
    }
  }

  /// Sets an attribute to one text; replaces an attribute of that name.
  ///
  /// A text of variable length may have any size. The older layout holds at most 64 KB of anything
  /// else in one attribute; more is an error of kind `attributeTooLarge`.
  public func set(
    _ name: String, to text: String, as type: HDF5StringType = .variableUTF8
  ) throws(HDF5Error) {
    try set(name, to: [text], shape: [], as: type)
  }

  /// Sets an attribute to texts in row-major order; replaces an attribute of that name.
  ///
  /// - Parameters:
  ///   - name: The attribute's name.
  ///   - texts: As many as the shape has elements.
  ///   - shape: Any number of sizes; nil: one axis.
  ///   - type: How the texts are stored; Keras uses `.bytes(fitting: texts)` for lists of names.
  /// - Throws: `HDF5Error`.
  public func set(
    _ name: String, to texts: [String], shape: [Int]? = nil,
    as type: HDF5StringType = .variableUTF8
  ) throws(HDF5Error) {
    let shape = shape ?? [texts.count]
    try replace(name, .string(type), shape, count: texts.count) {
      (attribute, site) throws(HDF5Error) in
      let memoryType = try HDF5DataType.string(type).makeHandle(.writeAttribute, site)
      try type.write(texts, .writeAttribute, site) { H5Awrite(attribute, memoryType.id, $0) }
    }
  }

  /// Writes an attribute under a spare name first, so that a failure leaves the old one in place.
  private func replace(
    _ name: String, _ type: HDF5DataType, _ shape: [Int], count: Int,
    _ write: (hid_t, Site) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let site = node.site.attribute(name)
    try node.checkOpen(.writeAttribute, site)
    let extent = try Extent(shape, .writeAttribute, site)
    try extent.checkCount(count, .writeAttribute, site)
    let exists = try contains(name)
    let written = exists ? try spareName(for: name) : name
    do {
      let handle = try create(written, type, extent, site)
      if count > 0 { try write(handle.id, site) }
    } catch {
      if H5Aexists(node.id, written) > 0 { H5Adelete(node.id, written) }
      throw error
    }
    guard exists else { return }
    _ = try Library.check(H5Adelete(node.id, name), .writeAttribute, site)
    _ = try Library.check(H5Arename(node.id, written, name), .writeAttribute, site)
  }

  private func create(
    _ name: String, _ type: HDF5DataType, _ extent: Extent, _ site: Site
  ) throws(HDF5Error) -> Handle {
    let fileType = try type.makeHandle(.writeAttribute, site)
    let space = try extent.makeSpace(.writeAttribute, site)
    let id = H5Acreate2(node.id, name, fileType.id, space.id, ch5_default(), ch5_default())
    if id >= 0 { return Handle(id, in: node.file) }
    let failure = Library.failure(.writeAttribute, site)
    guard failure.kind == .attributeTooLarge else { throw failure }
    throw site.error(
      .attributeTooLarge, .writeAttribute,
      "its \(extent.count * type.size) bytes exceed the 64 KB that an attribute can have"
        + " in a file of the older layout; split it, or create the file with compatibility latest")
  }

  private func spareName(for name: String) throws(HDF5Error) -> String {
    var spare = name + "~"
    while try contains(spare) { spare += "~" }
    return spare
  }
}
