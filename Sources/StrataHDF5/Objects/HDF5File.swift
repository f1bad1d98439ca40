internal import CHDF5
internal import Foundation

/// An open HDF5 file.
///
///     let file = try HDF5File.open("model.h5")
///     let names = try file.root.attributes.strings("layer_names")
///     let kernel = try file.root.dataset("dense_1/kernel").read(as: Float.self)
///
/// The file closes when it and everything opened through it have gone out of use, or by `close()`,
/// which is the only way to learn that the last bytes could not be written.
///
/// Files, groups and datasets may be used from several threads; calls into the library take turns.
public final class HDF5File: Sendable {
  /// The oldest release that can read what is written.
  public enum Compatibility: Sendable {
    /// HDF5 1.8 and before, wherever the contents allow it.
    case earliest
    /// The library's newest layout: attributes beyond 64 KB, faster large groups.
    case latest
  }

  /// What may be done with an existing file.
  public enum Access: Sendable {
    case readOnly, readWrite
  }

  public let path: String
  let node: Node

  init(_ handle: Handle, path: String) {
    self.path = path
    node = Node(handle: handle, site: Site(file: path, object: "/"))
  }

  /// Opens an existing file.
  public static func open(
    _ path: String, access: Access = .readOnly, compatibility: Compatibility = .earliest
  ) throws(HDF5Error) -> HDF5File {
    let site = Site(file: path)
    Library.enter()
    defer { Library.leave() }
    let settings = try accessSettings(compatibility, .openFile, site)
    let flags = access == .readOnly ? ch5_read_only() : ch5_read_write()
    let id = H5Fopen(path, flags, settings.id)
    if id < 0 { throw FileProblem.opening(path, Library.failure(.openFile, site)) }
    return HDF5File(Handle(id), path: path)
  }

  /// Creates a file, replacing an existing one unless `exclusive` is set.
  ///
  /// - Parameters:
  ///   - path: Where to create it; the directory must exist.
  ///   - exclusive: Whether an existing file is an error.
  ///   - compatibility: The oldest release that can read the result.
  ///   - tracksCreationOrder: Whether the root group remembers the order of its contents.
  /// - Returns: The file, open for reading and writing.
  /// - Throws: `HDF5Error`.
  public static func create(
    _ path: String, exclusive: Bool = false, compatibility: Compatibility = .earliest,
    tracksCreationOrder: Bool = false
  ) throws(HDF5Error) -> HDF5File {
    let site = Site(file: path)
    Library.enter()
    defer { Library.leave() }
    let settings = try accessSettings(compatibility, .createFile, site)
    let creation = try Handle.properties(ch5_file_creation(), .createFile, site)
    if tracksCreationOrder { try CreationOrder.track(creation, .createFile, site) }
    let flags = exclusive ? ch5_exclusive() : ch5_truncate()
    let id = H5Fcreate(path, flags, creation.id, settings.id)
    if id < 0 { throw FileProblem.creating(path, Library.failure(.createFile, site)) }
    return HDF5File(Handle(id), path: path)
  }

  /// The group that holds everything.
  public var root: HDF5Group {
    HDF5Group(node: node)
  }

  /// Hands everything written so far to the operating system.
  public func flush() throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let site = Site(file: path)
    try node.checkOpen(.flushFile, site)
    _ = try Library.check(H5Fflush(node.id, H5F_SCOPE_GLOBAL), .flushFile, site)
  }

  /// Closes the file and everything that is open in it, and reports what could not be written.
  ///
  /// Later use of the file, its groups and datasets throws `closed`. Closing twice does nothing.
  public func close() throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    guard H5Iis_valid(node.id) > 0 else { return }
    let site = Site(file: path)
    let flushed = H5Fflush(node.id, H5F_SCOPE_GLOBAL)
    let problem = flushed < 0 ? Library.failure(.closeFile, site) : nil
    let closed = H5Fclose(node.id)
    if let problem { throw problem }
    _ = try Library.check(closed, .closeFile, site)
  }

  static func accessSettings(
    _ compatibility: Compatibility, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    let settings = try Handle.properties(ch5_file_access(), operation, site)
    let latest: Int32 = compatibility == .latest ? 1 : 0
    _ = try Library.check(ch5_set_format(settings.id, latest), operation, site)
    _ = try Library.check(ch5_set_strong_close(settings.id), operation, site)
    _ = try Library.check(ch5_set_locking(settings.id), operation, site)
    return settings
  }
}

/// The order in which names are listed.
public enum HDF5NameOrder: Sendable {
  /// By the bytes of the names.
  case name
  /// By creation; an error where the file does not keep that order.
  case creation
}

enum CreationOrder {
  /// Makes a group-to-be remember the order of its links and attributes.
  static func track(
    _ creation: Handle, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) {
    let flags = ch5_tracked()
    _ = try Library.check(H5Pset_link_creation_order(creation.id, flags), operation, site)
    _ = try Library.check(H5Pset_attr_creation_order(creation.id, flags), operation, site)
  }

  /// The settings that a group or a dataset was created with; a file stands for its root group.
  static func settings(of node: Node) throws(HDF5Error) -> Handle {
    let object = try Handle.take(
      H5Oopen(node.id, ".", ch5_default()), .listNames, node.site, in: node.file)
    let isDataset = H5Iget_type(object.id) == H5I_DATASET
    let settings = isDataset ? H5Dget_create_plist(object.id) : H5Gget_create_plist(object.id)
    return try .take(settings, .listNames, node.site)
  }
}
