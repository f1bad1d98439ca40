/// What went wrong in a file: the operation, the file, the object, and the reason.
public struct HDF5Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// What a program can tell apart.
  public enum Kind: Sendable {
    // The file
    case fileMissing, fileExists, permissionDenied, notHDF5, truncated, locked, diskFull, readOnly
    case closed
    // The object
    case objectMissing, objectExists, wrongKind, notTracked
    // The contents
    case wrongType, wrongShape, valueOutOfRange, invalidText, filterMissing, attributeTooLarge
    /// Any other failure; `reason` is the library's own.
    case library
  }

  /// What was being done, worded to follow "cannot".
  public enum Operation: String, Sendable {
    case openFile = "open the file"
    case createFile = "create the file"
    case flushFile = "flush the file"
    case closeFile = "close the file"
    case replaceFile = "replace the file"
    case openObject = "open"
    case createGroup = "create the group"
    case createDataset = "create the dataset"
    case listNames = "list the names in"
    case deleteLink = "delete"
    case readDataset = "read the dataset"
    case writeDataset = "write the dataset"
    case describeDataset = "describe the dataset"
    case readAttribute = "read"
    case writeAttribute = "write"
    case deleteAttribute = "remove"
  }

  public let kind: Kind
  public let operation: Operation
  /// The file's path as it was given.
  public let file: String
  /// The object's path in the file; empty if the failure concerns the file itself.
  public let object: String
  public let attribute: String?
  /// One clause without a full stop; the library's own words if it was the library that failed.
  public let reason: String

  public var description: String {
    "HDF5: cannot \(operation.rawValue) \(subject): \(reason)."
  }

  private var subject: String {
    switch (object.isEmpty, attribute) {
    case (true, _): "'\(file)'"
    case (false, nil): "'\(object)' of '\(file)'"
    case (false, .some(let name)): "attribute '\(name)' of '\(object)' in '\(file)'"
    }
  }
}

/// The place an error is about.
struct Site: Sendable {
  var file: String
  var object = ""
  var attribute: String?

  func error(
    _ kind: HDF5Error.Kind, _ operation: HDF5Error.Operation, _ reason: String
  ) -> HDF5Error {
    HDF5Error(
      kind: kind, operation: operation, file: file, object: object, attribute: attribute,
      reason: reason)
  }

  func attribute(_ name: String) -> Site {
    Site(file: file, object: object, attribute: name)
  }

  /// The object at a path that starts here or, with a leading slash, at the root.
  func object(_ path: String) -> Site {
    let base = path.hasPrefix("/") ? "" : object
    let parts = (base + "/" + path).split(separator: "/").filter { $0 != "." }
    return Site(file: file, object: "/" + parts.joined(separator: "/"))
  }
}
