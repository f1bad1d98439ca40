internal import CHDF5

/// What a path in a file leads to.
public enum HDF5ObjectKind: String, Sendable {
  case group, dataset
  case namedType = "named type"
  /// A soft or external link whose target does not exist.
  case danglingLink = "dangling link"
}

/// A group: a directory of the file, with attributes.
///
/// Paths are relative to the group, or start at the root with a slash.
public struct HDF5Group: Sendable {
  let node: Node

  /// The group's path in the file.
  public var path: String { node.site.object }

  /// The group's attributes.
  public var attributes: HDF5Attributes { HDF5Attributes(node: node) }

  /// The group at a path.
  public func group(_ path: String) throws(HDF5Error) -> HDF5Group {
    Library.enter()
    defer { Library.leave() }
    return HDF5Group(node: try open(path, expecting: .group))
  }

  /// The dataset at a path.
  public func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset {
    Library.enter()
    defer { Library.leave() }
    return try HDF5Dataset(node: try open(path, expecting: .dataset))
  }

  /// Whether a path leads to an object.
  public func exists(_ path: String) throws(HDF5Error) -> Bool {
    let kind = try kindIfPresent(of: path)
    return kind != nil && kind != .danglingLink
  }

  /// What a path leads to.
  public func kind(of path: String) throws(HDF5Error) -> HDF5ObjectKind {
    if let kind = try kindIfPresent(of: path) { return kind }
    throw try missing(path)
  }

  /// The names in the group, whatever they lead to.
  public func names(order: HDF5NameOrder = .name) throws(HDF5Error) -> [String] {
    Library.enter()
    defer { Library.leave() }
    try node.checkOpen(.listNames, node.site)
    if order == .creation, try !isTracked() {
      throw node.site.error(
        .notTracked, .listNames, "the group does not keep the order of creation")
    }
    let list = NameList()
    let byCreation: Int32 = order == .creation ? 1 : 0
    let status = ch5_links(node.id, byCreation, NameList.visit, list.context)
    _ = try Library.check(status, .listNames, node.site)
    return list.names
  }

  /// Whether the group keeps the order in which its contents were created.
  public func tracksCreationOrder() throws(HDF5Error) -> Bool {
    Library.enter()
    defer { Library.leave() }
    try node.checkOpen(.listNames, node.site)
    return try isTracked()
  }

  /// Creates a group and the groups on the way to it.
  ///
  /// - Parameters:
  ///   - path: The group's path; an existing object is an error.
  ///   - tracksCreationOrder: Whether the group remembers the order of its contents.
  /// - Returns: The group, open.
  /// - Throws: `HDF5Error`.
  @discardableResult
  public func createGroup(
    _ path: String, tracksCreationOrder: Bool = false
  ) throws(HDF5Error) -> HDF5Group {
    Library.enter()
    defer { Library.leave() }
    let site = node.site.object(path)
    try checkVacant(path, .createGroup)
    let creation = try Handle.properties(ch5_group_creation(), .createGroup, site)
    if tracksCreationOrder { try CreationOrder.track(creation, .createGroup, site) }
    let links = try Self.linkSettings(.createGroup, site)
    let id = H5Gcreate2(node.id, path, links.id, creation.id, ch5_default())
    return HDF5Group(
      node: Node(handle: try .take(id, .createGroup, site, in: node.file), site: site))
  }

  /// Removes a name; the object goes with its last name, though its space is not reused.
  public func delete(_ path: String) throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let site = node.site.object(path)
    guard try kindIfPresent(of: path) != nil else { throw try missing(path, .deleteLink) }
    _ = try Library.check(H5Ldelete(node.id, path, ch5_default()), .deleteLink, site)
  }
}

extension HDF5Group {
  /// Link settings under which missing groups on the way are created, with names in UTF-8.
  static func linkSettings(
    _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> Handle {
    let links = try Handle.properties(ch5_link_creation(), operation, site)
    _ = try Library.check(H5Pset_create_intermediate_group(links.id, 1), operation, site)
    _ = try Library.check(H5Pset_char_encoding(links.id, H5T_CSET_UTF8), operation, site)
    return links
  }

  /// Throws if the path is taken, or passes through something that is not a group.
  func checkVacant(_ path: String, _ operation: HDF5Error.Operation) throws(HDF5Error) {
    let site = node.site.object(path)
    try node.checkOpen(operation, site)
    if let kind = try kindIfPresent(of: path) {
      throw site.error(.objectExists, operation, "there is a \(kind.rawValue) of that name already")
    }
  }

  private func isTracked() throws(HDF5Error) -> Bool {
    let creation = try CreationOrder.settings(of: node)
    var flags: UInt32 = 0
    _ = try Library.check(
      H5Pget_link_creation_order(creation.id, &flags), .listNames, node.site)
    return flags != 0
  }

  private func open(
    _ path: String, expecting expected: HDF5ObjectKind
  ) throws(HDF5Error) -> Node {
    let site = node.site.object(path)
    try node.checkOpen(.openObject, site)
    let id = H5Oopen(node.id, path, ch5_default())
    if id < 0 {
      let failure = Library.failure(.openObject, site)
      if try !exists(path) { throw try missing(path) }
      throw failure
    }
    let handle = Handle(id, in: node.file)
    let found = Self.kind(of: handle)
    guard found == expected else {
      throw site.error(
        .wrongKind, .openObject, "expected a \(expected.rawValue), but found a \(found.rawValue)")
    }
    return Node(handle: handle, site: site)
  }

  private static func kind(of handle: Handle) -> HDF5ObjectKind {
    switch H5Iget_type(handle.id) {
    case H5I_GROUP, H5I_FILE: .group
    case H5I_DATASET: .dataset
    default: .namedType
    }
  }

  /// What a path leads to; nil if a name on the way is missing or is not a group's.
  private func kindIfPresent(of path: String) throws(HDF5Error) -> HDF5ObjectKind? {
    Library.enter()
    defer { Library.leave() }
    let site = node.site.object(path)
    try node.checkOpen(.openObject, site)
    var kind = HDF5ObjectKind.group
    var prefix = path.hasPrefix("/") ? "/" : "."
    for name in path.split(separator: "/") where name != "." {
      guard kind == .group else { return nil }
      prefix += "/" + name
      let isLinked = H5Lexists(node.id, prefix, ch5_default())
      guard try Library.check(isLinked, .openObject, site) > 0 else { return nil }
      let resolves = H5Oexists_by_name(node.id, prefix, ch5_default())
      guard resolves > 0 else {
        kind = .danglingLink
        continue
      }
      let id = H5Oopen(node.id, prefix, ch5_default())
      kind = Self.kind(of: try .take(id, .openObject, site, in: node.file))
    }
    return kind
  }

  /// The error for a path that leads nowhere: how far it leads, and what is there.
  private func missing(
    _ path: String, _ operation: HDF5Error.Operation = .openObject
  ) throws(HDF5Error) -> HDF5Error {
    let site = node.site.object(path)
    var present = path.hasPrefix("/") ? "/" : "."
    for name in path.split(separator: "/") where name != "." {
      let next = present + "/" + name
      guard let kind = try kindIfPresent(of: next) else {
        let parent = try group(present)
        return site.error(
          .objectMissing, operation,
          "there is no '\(name)' in '\(parent.path)', which holds \(try parent.contentsInWords())")
      }
      guard kind == .group else {
        return site.error(
          .objectMissing, operation, "'\(node.site.object(next).object)' is a \(kind.rawValue)")
      }
      present = next
    }
    return site.error(.objectMissing, operation, "there is no such object")
  }

  private func contentsInWords() throws(HDF5Error) -> String {
    let names = try names()
    if names.isEmpty { return "nothing" }
    let shown = names.prefix(6).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}

/// Names that the library passes one by one.
final class NameList {
  var names: [String] = []

  /// For the library to hand back; valid while the list is.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let visit: @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void = {
    name, context in
    guard let name, let context else { return }
    Unmanaged<NameList>.fromOpaque(context).takeUnretainedValue().names
      .append(String(cString: name))
  }
}
