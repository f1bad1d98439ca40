import Foundation
import StrataHDF5
import Testing

/// A file appears complete or not at all.
@Suite struct AtomicWritingTests {
  private struct Interruption: Error {}

  private func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }

  @Test func replacesAFile() throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      try HDF5File.create(path).root.createGroup("old")
      chmod(path, 0o640)
      let result = try HDF5File.writeAtomically(to: path) { file in
        try file.root.createDataset("new", [1, 2, 3])
        try #expect(names(in: directory).count == 2)
        return "done"
      }
      #expect(result == "done")
      try #expect(names(in: directory) == ["file.h5"])
      try #expect(HDF5File.open(path).root.names() == ["new"])
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o640)
    }
  }

  @Test func followsALink() throws {
    try withDirectory { directory in
      try HDF5File.create(directory + "/real.h5").close()
      let link = directory + "/link.h5"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.h5")
      try HDF5File.writeAtomically(to: link) { try $0.root.createGroup("x") }
      try #expect(FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.h5")
      try #expect(HDF5File.open(directory + "/real.h5").root.names() == ["x"])
    }
  }

  @Test func anErrorLeavesThePreviousFile() throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      try HDF5File.create(path).root.createGroup("old")
      #expect(throws: Interruption.self) {
        try HDF5File.writeAtomically(to: path) { file in
          try file.root.createDataset("new", [1, 2, 3])
          throw Interruption()
        }
      }
      try #expect(names(in: directory) == ["file.h5"])
      try #expect(HDF5File.open(path).root.names() == ["old"])
    }
  }

  @Test func errorsNameTheFileThatWasAskedFor() throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      let inside = failure {
        try HDF5File.writeAtomically(to: path) { _ = try $0.root.dataset("none") }
      }
      #expect(inside?.file == path)
      let missing = failure { try HDF5File.writeAtomically(to: "/none/file.h5") { _ in } }
      #expect(missing?.file == "/none/file.h5")
      #expect(missing?.kind == .fileMissing)
      try #expect(names(in: directory) == [])
    }
  }

  /// Needs the right to mount a small file system.
  @Test(.enabled(if: geteuid() == 0, "only root may mount"))
  func aFullDiskLeavesThePreviousFile() throws {
    try withDirectory { directory in
      guard run("/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory) == 0 else {
        return
      }
      defer { run("/bin/umount", directory) }
      let path = directory + "/file.h5"
      try HDF5File.create(path).root.createGroup("old")
      let error = failure {
        try HDF5File.writeAtomically(to: path) {
          _ = try $0.root.createDataset("big", [Float](repeating: 1, count: 1 << 19))
        }
      }
      #expect(error?.kind == .diskFull)
      #expect(error?.operation == .writeDataset)
      #expect(error?.reason == "No space left on device")
      try #expect(names(in: directory) == ["file.h5"])
      try #expect(HDF5File.open(path).root.names() == ["old"])
    }
  }

  @discardableResult
  private func run(_ tool: String, _ arguments: String...) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
