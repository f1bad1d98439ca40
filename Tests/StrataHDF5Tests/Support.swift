import Foundation
import StrataHDF5
import Testing

/// The files that `Tests/Fixtures/hdf5/make.py` made.
func fixture(_ name: String) throws -> HDF5File {
  try HDF5File.open(fixturePath(name))
}

func fixturePath(_ name: String) -> String {
  URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/hdf5/\(name)").path
}

/// Runs `body` with a new directory that is removed afterwards.
func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("strata-hdf5-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  return try body(directory)
}

/// Writes a file with `write`, closes it, and reads it with `read`.
func roundTrip(
  compatibility: HDF5File.Compatibility = .earliest, write: (HDF5Group) throws -> Void,
  read: (HDF5Group) throws -> Void
) throws {
  try withDirectory { directory in
    let path = directory + "/file.h5"
    let file = try HDF5File.create(path, compatibility: compatibility)
    try write(file.root)
    try file.close()
    try read(HDF5File.open(path).root)
  }
}

/// The error that `body` throws; its file is shortened to the last path component.
func failure(_ body: () throws -> Void) -> HDF5Error? {
  #expect(throws: HDF5Error.self) { try body() }
}
