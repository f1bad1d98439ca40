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

/// The error that `body` throws.
///
/// Closures stay out of `#expect`: with Swift 6.3 one inside the macro and one after it in the same
/// scope can be compiled into the same symbol.
func failure(
  at location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> HDF5Error? {
  do {
    try body()
    Issue.record("expected an error", sourceLocation: location)
  } catch {
    if let error = error as? HDF5Error { return error }
    Issue.record("expected an HDF5Error, but got \(error)", sourceLocation: location)
  }
  return nil
}

/// Requires that `body` throws an error of a kind; nil: of any.
func expectFailure(
  _ kind: HDF5Error.Kind?, at location: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  let found = failure(at: location, body)?.kind
  #expect(kind == nil || found == kind, sourceLocation: location)
}

/// Requires that `body` throws an error with a reason, its end, or a whole message.
func expectFailure(
  reason: String? = nil, reasonSuffix: String? = nil, description: String? = nil,
  at location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  let error = failure(at: location, body)
  if let reason { #expect(error?.reason == reason, sourceLocation: location) }
  if let description { #expect(error?.description == description, sourceLocation: location) }
  if let reasonSuffix {
    let found = error?.reason ?? ""
    #expect(found.hasSuffix(reasonSuffix), "found '\(found)'", sourceLocation: location)
  }
}
