internal import CHDF5

/// The attributes of a group or a dataset: small named arrays of numbers or texts.
public struct HDF5Attributes: Sendable {
  let node: Node

  /// The names of the attributes.
  public func names(order: HDF5NameOrder = .name) throws(HDF5Error) -> [String] {
    Library.enter()
    defer { Library.leave() }
    try node.checkOpen(.listNames, node.site)
    if order == .creation, try !isTracked() {
      throw node.site.error(
        .notTracked, .listNames, "the attributes' order of creation is not kept")
    }
    let list = NameList()
    let byCreation: Int32 = order == .creation ? 1 : 0
    let status = ch5_attributes(node.id, byCreation, NameList.visit, list.context)
    _ = try Library.check(status, .listNames, node.site)
    return list.names
  }

  /// Whether an attribute exists.
  public func contains(_ name: String) throws(HDF5Error) -> Bool {
    Library.enter()
    defer { Library.leave() }
    let site = node.site.attribute(name)
    try node.checkOpen(.readAttribute, site)
    return try Library.check(H5Aexists(node.id, name), .readAttribute, site) > 0
  }

  /// The type of an attribute's elements.
  public func dataType(of name: String) throws(HDF5Error) -> HDF5DataType {
    Library.enter()
    defer { Library.leave() }
    return try Opened(name, of: node).dataType
  }

  /// The size of each axis of an attribute; none for a scalar.
  public func shape(of name: String) throws(HDF5Error) -> [Int] {
    Library.enter()
    defer { Library.leave() }
    return try Opened(name, of: node).extent.shape
  }

  /// Removes an attribute.
  public func delete(_ name: String) throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let site = node.site.attribute(name)
    try node.checkOpen(.deleteAttribute, site)
    guard try contains(name) else { throw try missing(name, .deleteAttribute) }
    _ = try Library.check(H5Adelete(node.id, name), .deleteAttribute, site)
  }

  private func isTracked() throws(HDF5Error) -> Bool {
    let creation = try CreationOrder.settings(of: node)
    var flags: UInt32 = 0
    _ = try Library.check(
      H5Pget_attr_creation_order(creation.id, &flags), .listNames, node.site)
    return flags != 0
  }

  func missing(
    _ name: String, _ operation: HDF5Error.Operation
  ) throws(HDF5Error) -> HDF5Error {
    let names = try names().map { "'\($0)'" }
    let list = names.isEmpty ? "no attributes" : names.joined(separator: ", ")
    return node.site.attribute(name).error(
      .objectMissing, operation, "there is no such attribute among \(list)")
  }
}

extension HDF5Attributes {
  /// An attribute open for reading.
  struct Opened {
    let handle: Handle
    let type: Handle
    let extent: Extent
    let dataType: HDF5DataType
    let site: Site

    init(_ name: String, of node: Node) throws(HDF5Error) {
      site = node.site.attribute(name)
      try node.checkOpen(.readAttribute, site)
      let attributes = HDF5Attributes(node: node)
      guard try attributes.contains(name) else {
        throw try attributes.missing(name, .readAttribute)
      }
      handle = try .take(
        H5Aopen(node.id, name, ch5_default()), .readAttribute, site, in: node.file)
      let space = try Handle.take(H5Aget_space(handle.id), .readAttribute, site)
      extent = try Extent(space.id, .readAttribute, site)
      type = try .take(H5Aget_type(handle.id), .readAttribute, site)
      dataType = HDF5DataType(type.id)
    }

    /// Throws unless the attribute has exactly one element.
    func checkSingle() throws(HDF5Error) {
      guard extent.count == 1 else {
        throw site.error(
          .wrongShape, .readAttribute,
          "expected one value, but found \(extent.count) of shape \(extent.shape)")
      }
    }
  }
}
