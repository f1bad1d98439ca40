internal import CHDF5
internal import Foundation

/// Says plainly why a file does not open, where the library's words are roundabout.
enum FileProblem {
  static func opening(_ path: String, _ failure: HDF5Error) -> HDF5Error {
    let site = Site(file: path)
    switch kind(of: path) {
    case .missing:
      return site.error(.fileMissing, .openFile, "there is no such file")
    case .directory:
      return site.error(.notHDF5, .openFile, "it is a directory")
    case .empty:
      return site.error(.notHDF5, .openFile, "it is empty")
    case .file where failure.kind == .library && H5Fis_hdf5(path) == 0:
      return site.error(.notHDF5, .openFile, "it is not an HDF5 file: \(failure.reason)")
    case .file, .other:
      return failure
    }
  }

  static func creating(_ path: String, _ failure: HDF5Error) -> HDF5Error {
    let site = Site(file: path)
    let parent = (path as NSString).deletingLastPathComponent
    switch (kind(of: path), kind(of: parent.isEmpty ? "." : parent)) {
    case (.directory, _):
      return site.error(.fileExists, .createFile, "it is a directory")
    case (.missing, .missing):
      return site.error(.fileMissing, .createFile, "there is no directory '\(parent)'")
    case _ where failure.kind == .fileExists:
      return site.error(.fileExists, .createFile, "it exists already")
    case _ where failure.reason.contains("already open"):
      return site.error(.locked, .createFile, "it is open already")
    default:
      return failure
    }
  }

  private enum Kind {
    case missing, directory, empty, file, other
  }

  private static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return errno == ENOENT ? .missing : .other }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory
    case S_IFREG: return status.st_size == 0 ? .empty : .file
    default: return .other
    }
  }
}
