internal import Foundation

extension HDF5File {
  /// Writes a file that appears under its name complete or not at all.
  ///
  /// `body` fills a temporary file in the same directory; it is then closed, forced to the disk and
  /// renamed. On any error the temporary file is removed and a previous file is left as it was.
  ///
  /// - Parameters:
  ///   - path: The file to create or replace; a symbolic link is followed.
  ///   - compatibility: The oldest release that can read the result.
  ///   - tracksCreationOrder: Whether the root group remembers the order of its contents.
  ///   - body: Writes the contents; it must not keep the file.
  /// - Returns: What `body` returns.
  /// - Throws: `HDF5Error`, or what `body` throws.
  @discardableResult
  public static func writeAtomically<Result>(
    to path: String, compatibility: Compatibility = .earliest, tracksCreationOrder: Bool = false,
    _ body: (HDF5File) throws -> Result
  ) throws -> Result {
    let target = resolvingLink(path)
    let temporary = temporaryPath(for: target)
    var isComplete = false
    defer { if !isComplete { unlink(temporary) } }
    let result: Result
    do {
      let file = try create(
        temporary, exclusive: true, compatibility: compatibility,
        tracksCreationOrder: tracksCreationOrder)
      do {
        result = try body(file)
      } catch {
        try? file.close()
        throw error
      }
      try file.close()
    } catch let error as HDF5Error where error.file == temporary {
      throw error.renamed(path)
    }
    try replace(target, by: temporary, Site(file: path))
    isComplete = true
    return result
  }

  private static func resolvingLink(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func temporaryPath(for path: String) -> String {
    let directory = (path as NSString).deletingLastPathComponent
    let name = ".\((path as NSString).lastPathComponent).\(UUID().uuidString).tmp"
    return (directory as NSString).appendingPathComponent(name)
  }

  private static func replace(
    _ target: String, by temporary: String, _ site: Site
  ) throws(HDF5Error) {
    var previous = stat()
    let keepsMode = stat(target, &previous) == 0
    if keepsMode { chmod(temporary, previous.st_mode & 0o7777) }
    guard synchronize(temporary), rename(temporary, target) == 0 else {
      let number = errno
      throw site.error(
        number == ENOSPC ? .diskFull : .library, .replaceFile, String(cString: strerror(number)))
    }
    // The renaming itself; some file systems cannot, and the file is complete either way.
    let directory = (target as NSString).deletingLastPathComponent
    _ = synchronize(directory.isEmpty ? "." : directory)
  }

  private static func synchronize(_ path: String) -> Bool {
    let descriptor = Foundation.open(path, O_RDONLY)
    guard descriptor >= 0 else { return false }
    let status = fsync(descriptor)
    let number = errno
    _ = Foundation.close(descriptor)
    errno = number
    return status == 0
  }
}

extension HDF5Error {
  /// The same error about the file under the name the caller knows.
  fileprivate func renamed(_ file: String) -> HDF5Error {
    HDF5Error(
      kind: kind, operation: operation, file: file, object: object, attribute: attribute,
      reason: reason)
  }
}
