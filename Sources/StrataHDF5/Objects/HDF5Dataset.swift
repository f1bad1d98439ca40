internal import CHDF5

/// A dataset: an array of numbers or texts, with attributes.
public struct HDF5Dataset: Sendable {
  let node: Node
  let extent: Extent

  /// The type of the elements in the file.
  public let dataType: HDF5DataType

  /// The dataset's path in the file.
  public var path: String { node.site.object }

  /// The size of each axis; none for a scalar, and none if `isNull`.
  public var shape: [Int] { extent.shape }

  /// Whether the dataset has neither shape nor elements, as h5py's `Empty`.
  public var isNull: Bool { extent.isNull }

  /// The number of elements.
  public var count: Int { extent.count }

  /// The dataset's attributes.
  public var attributes: HDF5Attributes { HDF5Attributes(node: node) }

  init(node: Node) throws(HDF5Error) {
    self.node = node
    let space = try Handle.take(H5Dget_space(node.id), .openObject, node.site)
    extent = try Extent(space.id, .openObject, node.site)
    let type = try Handle.take(H5Dget_type(node.id), .openObject, node.site)
    dataType = HDF5DataType(type.id)
  }
}

extension HDF5Dataset {
  /// A choice of elements: all, or a range of the first axis.
  struct Selection {
    let file: Handle?
    let memory: Handle?
    let count: Int

    var fileID: hid_t { file?.id ?? ch5_all() }
    var memoryID: hid_t { memory?.id ?? ch5_all() }
  }

  func select(
    _ rows: Range<Int>?, _ operation: HDF5Error.Operation
  ) throws(HDF5Error) -> Selection {
    let site = node.site
    try node.checkOpen(operation, site)
    guard let rows else { return Selection(file: nil, memory: nil, count: count) }
    guard let length = shape.first else {
      throw site.error(.wrongShape, operation, "a scalar has no rows")
    }
    guard 0 <= rows.lowerBound, rows.upperBound <= length else {
      throw site.error(
        .wrongShape, operation,
        "the rows \(rows.lowerBound)..<\(rows.upperBound) are not among its \(length)")
    }
    let sizes = [hsize_t(rows.count)] + shape.dropFirst().map { hsize_t($0) }
    let count = sizes.reduce(1) { $0 * Int($1) }
    guard count > 0 else { return Selection(file: nil, memory: nil, count: 0) }
    let start = [hsize_t(rows.lowerBound)] + shape.dropFirst().map { _ in 0 }
    let file = try Handle.take(H5Dget_space(node.id), operation, site)
    _ = try Library.check(
      H5Sselect_hyperslab(file.id, H5S_SELECT_SET, start, nil, sizes, nil), operation, site)
    let memory = try Handle.take(
      H5Screate_simple(Int32(sizes.count), sizes, nil), operation, site)
    return Selection(file: file, memory: memory, count: count)
  }
}
