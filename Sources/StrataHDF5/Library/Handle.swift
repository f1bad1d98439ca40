internal import CHDF5

/// An identifier of the library, released with its last owner.
///
/// A handle of something in a file keeps the file's handle, so the file stays open while anything in
/// it is in use, and closes with the last of it.
final class Handle: Sendable {
  let id: hid_t
  let file: Handle?

  /// Takes over an identifier that a library call has just returned.
  init(_ id: hid_t, in file: Handle? = nil) {
    self.id = id
    self.file = file
  }

  deinit {
    Library.enter()
    defer { Library.leave() }
    // Already invalid if the file was closed by hand: the library never uses a number twice.
    if H5Iis_valid(id) > 0 { H5Idec_ref(id) }
  }

  /// Takes over the identifier, or throws if the call that should have returned it failed.
  static func take(
    _ id: hid_t, _ operation: HDF5Error.Operation, _ site: Site, in file: Handle? = nil
  ) throws(HDF5Error) -> Handle {
    Handle(try Library.check(id, operation, site), in: file)
  }

  /// A new property list of a class.
  static func properties(
    _ list: hid_t, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    try take(H5Pcreate(list), operation, site)
  }
}

/// An open object and its place.
struct Node: Sendable {
  let handle: Handle
  let site: Site

  var id: hid_t { handle.id }
  /// The handle that things opened through this one must keep.
  var file: Handle { handle.file ?? handle }

  /// Throws if the file was closed by hand.
  func checkOpen(_ operation: HDF5Error.Operation, _ site: Site) throws(HDF5Error) {
    guard H5Iis_valid(id) > 0 else {
      throw site.error(.closed, operation, "the file has been closed")
    }
  }
}
