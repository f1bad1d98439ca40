internal import CHDF5

extension HDF5File {
  /// Opens a file that is in memory, for reading.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: What errors call it.
  /// - Returns: The file; nothing is written to disk.
  /// - Throws: `HDF5Error`.
  public static func open(bytes: [UInt8], path: String) throws(HDF5Error) -> HDF5File {
    let site = Site(file: path)
    Library.enter()
    defer { Library.leave() }
    let settings = try accessSettings(.earliest, .openFile, site)
    _ = try Library.check(H5Pset_fapl_core(settings.id, 1 << 16, false), .openFile, site)
    var copy = bytes
    let status = copy.withUnsafeMutableBytes {
      H5Pset_file_image(settings.id, $0.baseAddress, $0.count)
    }
    _ = try Library.check(status, .openFile, site)
    let id = H5Fopen(path, ch5_read_only(), settings.id)
    if id < 0 {
      let failure = Library.failure(.openFile, site)
      throw site.error(.notHDF5, .openFile, "it is not an HDF5 file: \(failure.reason)")
    }
    return HDF5File(Handle(id), path: path)
  }
}
