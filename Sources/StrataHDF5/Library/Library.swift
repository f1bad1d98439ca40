internal import CHDF5
internal import Foundation

/// The door to libhdf5: every call into it happens between `enter` and `leave`.
///
/// The library is one piece of global state. Some builds guard it with a lock of their own and some
/// do not, so this lock is the one that counts. It is recursive because a handle may be released
/// while its owner is inside.
enum Library {
  private static let lock = NSRecursiveLock()

  static func enter() {
    lock.lock()
    // The setting belongs to the thread in builds that are thread-safe.
    H5Eset_auto2(ch5_error_stack(), nil, nil)
  }

  static func leave() {
    lock.unlock()
  }

  /// Passes on the result of a library call, or throws what the library says about its failure.
  static func check<Status: SignedInteger>(
    _ status: Status, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Status {
    if status >= 0 { return status }
    throw failure(operation, site)
  }

  /// What the library says about the call that just failed.
  static func failure(_ operation: HDF5Error.Operation, _ site: Site) -> HDF5Error {
    let failure = ErrorStack.current()
    return site.error(failure.kind, operation, failure.reason)
  }

  /// How many identifiers (files, groups, datasets, attributes, named types) of a file are open.
  static func openObjectCount(inFileAt path: String) -> Int {
    enter()
    defer { leave() }
    var ids = [hid_t](repeating: 0, count: max(0, ch5_open_ids(0, nil)))
    let count = ch5_open_ids(ids.count, &ids)
    return ids.prefix(max(0, count)).filter { fileName(of: $0) == path }.count
  }

  private static func fileName(of id: hid_t) -> String {
    text { H5Fget_name(id, $0, $1) } ?? ""
  }

  /// Text that the library copies into a buffer after telling its length.
  static func text(_ copy: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> String? {
    let length = copy(nil, 0)
    guard length >= 0 else { return nil }
    var bytes = [CChar](repeating: 0, count: length + 1)
    guard copy(&bytes, bytes.count) >= 0 else { return nil }
    return String(decoding: bytes.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension Library {
  /// How many identifiers of each class are in use.
  static func identifierCounts() -> [Int] {
    enter()
    defer { leave() }
    let classes = [
      H5I_FILE, H5I_GROUP, H5I_DATATYPE, H5I_DATASPACE, H5I_DATASET, H5I_ATTR, H5I_GENPROP_LST,
    ]
    return classes.map { kind in
      var count: hsize_t = 0
      return H5Inmembers(kind, &count) < 0 ? -1 : Int(count)
    }
  }
}
