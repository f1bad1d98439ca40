internal import CHDF5

/// The extent of a dataset or an attribute.
struct Extent: Equatable, Sendable {
  var shape: [Int]
  /// An extent without elements and without a shape, as of h5py's `Empty`.
  var isNull = false

  /// Reads the extent of a dataspace; a product of sizes beyond `Int` is an error.
  init(_ space: hid_t, _ operation: HDF5Error.Operation, _ site: Site) throws(HDF5Error) {
    isNull = H5Sget_simple_extent_type(space) == H5S_NULL
    let rank = Int(try Library.check(H5Sget_simple_extent_ndims(space), operation, site))
    var sizes = [hsize_t](repeating: 0, count: rank)
    _ = try Library.check(H5Sget_simple_extent_dims(space, &sizes, nil), operation, site)
    shape = sizes.map { Int(clamping: $0) }
    try check(operation, site)
  }

  init(_ shape: [Int], _ operation: HDF5Error.Operation, _ site: Site) throws(HDF5Error) {
    self.shape = shape
    try check(operation, site)
  }

  /// The number of elements; 1 for a scalar.
  var count: Int { isNull ? 0 : shape.reduce(1, *) }

  /// Room for sixteen bytes per element must be countable.
  private func check(_ operation: HDF5Error.Operation, _ site: Site) throws(HDF5Error) {
    var total = shape.contains(0) ? 0 : 16
    for size in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else {
        throw site.error(.wrongShape, operation, "the shape \(shape) is impossible")
      }
      total = product
    }
  }

  func checkCount(
    _ found: Int, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) {
    guard found == count else {
      throw site.error(
        .wrongShape, operation,
        "expected \(count) values for the shape \(shape), but got \(found)")
    }
  }

  func makeSpace(
    _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    if isNull { return try .take(H5Screate(H5S_NULL), operation, site) }
    if shape.isEmpty { return try .take(H5Screate(H5S_SCALAR), operation, site) }
    let sizes = shape.map { hsize_t($0) }
    return try .take(H5Screate_simple(Int32(shape.count), sizes, nil), operation, site)
  }
}
