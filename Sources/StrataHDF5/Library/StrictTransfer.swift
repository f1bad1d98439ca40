internal import CHDF5

/// Transfer settings under which an integer that its integer destination cannot hold is an error.
///
/// The library's own way is to clamp without a word.
final class StrictTransfer {
  let handle: Handle
  private let finding: UnsafeMutablePointer<Int32>
  private let site: Site
  private let operation: HDF5Error.Operation

  init(
    into destination: HDF5DataType, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) {
    handle = try .properties(ch5_dataset_transfer(), operation, site)
    (self.operation, self.site) = (operation, site)
    finding = .allocate(capacity: 1)
    finding.initialize(to: -1)
    guard destination.isInteger else { return }
    let status = H5Pset_type_conv_cb(
      handle.id,
      { problem, _, _, _, _, context in
        context?.assumingMemoryBound(to: Int32.self).pointee = Int32(problem.rawValue)
        return H5T_CONV_ABORT
      }, finding)
    _ = try Library.check(status, operation, site)
  }

  deinit {
    finding.deallocate()
  }

  /// Passes a successful status, or throws what stopped the transfer.
  func check(
    _ status: herr_t, from source: HDF5DataType, to destination: HDF5DataType
  ) throws(HDF5Error) {
    if status >= 0 { return }
    guard finding.pointee >= 0 else { throw Library.failure(operation, site) }
    throw site.error(
      .valueOutOfRange, operation,
      "a value of type \(source) \(problem), so it is not representable as \(destination)")
  }

  private var problem: String {
    switch H5T_conv_except_t(.init(finding.pointee)) {
    case H5T_CONV_EXCEPT_RANGE_HI: "is too large"
    case H5T_CONV_EXCEPT_RANGE_LOW: "is too small"
    default: "does not convert"
    }
  }
}
