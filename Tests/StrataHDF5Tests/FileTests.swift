import Foundation
import StrataHDF5
import Testing

/// Opening, creating, closing, and every way in which that fails.
@Suite struct FileTests {
  private func write(_ bytes: Data, _ body: (String) throws -> Void) throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      try bytes.write(to: URL(fileURLWithPath: path))
      try body(path)
    }
  }

  @Test func saysThatAFileIsMissing() {
    let error = failure { _ = try HDF5File.open("/none/model.h5") }
    #expect(error?.kind == .fileMissing)
    #expect(
      error?.description
        == "HDF5: cannot open the file '/none/model.h5': there is no such file.")
  }

  @Test func saysThatAFileIsNotHDF5() throws {
    try write(Data("{\"class_name\": \"Sequential\"}".utf8)) { path in
      let error = failure { _ = try HDF5File.open(path) }
      #expect(error?.kind == .notHDF5)
      #expect(error?.reason.hasPrefix("it is not an HDF5 file: ") == true)
    }
    try write(Data()) { path in
      expectFailure(reason: "it is empty") { _ = try HDF5File.open(path) }
    }
    try withDirectory { directory in
      expectFailure(reason: "it is a directory") { _ = try HDF5File.open(directory) }
    }
  }

  @Test(arguments: [10_000, 2000, 200])
  func saysThatAFileIsTruncated(_ length: Int) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: fixturePath("storage.h5")))
    try write(bytes.prefix(length)) { path in
      let error = failure { _ = try HDF5File.open(path) }
      #expect(error?.kind == .truncated)
      #expect(error?.reason.hasPrefix("truncated file: eof = \(length)") == true)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func saysThatPermissionIsMissing() throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      try HDF5File.create(path).close()
      chmod(path, 0)
      expectFailure(.permissionDenied) { _ = try HDF5File.open(path) }
      chmod(directory, 0o500)
      defer { chmod(directory, 0o700) }
      let error = failure { _ = try HDF5File.create(directory + "/new.h5") }
      #expect(error?.kind == .permissionDenied)
      #expect(error?.reason == "Permission denied")
      expectFailure(.permissionDenied) {
        try HDF5File.writeAtomically(to: directory + "/new.h5") { _ in }
      }
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func saysThatTheDiskIsFull() {
    let error = failure { _ = try HDF5File.create("/dev/full") }
    #expect(error?.kind == .diskFull)
    #expect(
      error?.description
        == "HDF5: cannot create the file '/dev/full': No space left on device.")
  }

  @Test func createsOnlyWhereItMay() throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      try HDF5File.create(path, exclusive: true).close()
      let error = failure { _ = try HDF5File.create(path, exclusive: true) }
      #expect(error?.kind == .fileExists)
      #expect(error?.reason == "it exists already")
      let file = try HDF5File.create(path)
      expectFailure(.locked) { _ = try HDF5File.create(path) }
      try file.close()
      let missing = failure { _ = try HDF5File.create(directory + "/none/file.h5") }
      #expect(missing?.kind == .fileMissing)
      #expect(missing?.reason == "there is no directory '\(directory)/none'")
      expectFailure(.fileExists) { _ = try HDF5File.create(directory) }
    }
  }

  @Test func refusesToWriteIntoAFileOpenForReading() throws {
    let root = try fixture("storage.h5").root
    expectFailure(.readOnly) { try root.createGroup("new") }
    expectFailure(.readOnly) { try root.attributes.set("new", to: 1) }
    expectFailure(.readOnly) { try root.dataset("gzip").write([Float](repeating: 0, count: 600)) }
    expectFailure(.readOnly) { try root.delete("gzip") }
  }

  @Test func opensForWriting() throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      try HDF5File.create(path).root.createDataset("x", [1, 2])
      let file = try HDF5File.open(path, access: .readWrite)
      try file.root.dataset("x").write([3, 4])
      try file.flush()
      try file.close()
      try #expect(HDF5File.open(path).root.dataset("x").read(as: Int.self) == [3, 4])
    }
  }

  @Test func writesTheOldLayoutUnlessAskedOtherwise() throws {
    try withDirectory { directory in
      for (compatibility, version) in [(HDF5File.Compatibility.earliest, 0), (.latest, 3)] {
        let path = directory + "/file.h5"
        try HDF5File.create(path, compatibility: compatibility).root.createDataset("x", [1])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes[8] == UInt8(version), "the superblock's version is the ninth byte")
      }
    }
  }

  @Test func closingEndsAllUse() throws {
    let file = try fixture("storage.h5")
    let root = file.root
    let dataset = try root.dataset("gzip")
    try file.close()
    try file.close()
    let error = failure { _ = try dataset.read(as: Float.self) }
    #expect(error?.kind == .closed)
    #expect(error?.reason == "the file has been closed")
    expectFailure(.closed) { _ = try root.names() }
    expectFailure(.closed) { _ = try root.group("x") }
    expectFailure(.closed) { _ = try root.exists("x") }
    expectFailure(.closed) { _ = try dataset.attributes.names() }
    expectFailure(.closed) { _ = try dataset.storage() }
    expectFailure(.closed) { try file.flush() }
  }

  @Test func readsFromManyThreads() async throws {
    let root = try fixture("storage.h5").root
    try await withThrowingTaskGroup(of: Float.self) { group in
      for row in 0..<60 {
        group.addTask {
          let name = ["contiguous", "gzip", "shuffled", "checked"][row % 4]
          return try root.dataset(name).read(as: Float.self, rows: row..<(row + 1)).reduce(0, +)
        }
      }
      let total = try await group.reduce(0, +)
      #expect(total == 179_700)
    }
  }
}
