import Testing

@testable import StrataHDF5

/// No identifier of the library outlives its owner.
@Suite struct LeakTests {
  @Test func objectsCloseWithTheirLastOwner() throws {
    try withDirectory { directory in
      let path = directory + "/file.h5"
      try exercise(path)
      #expect(Library.openObjectCount(inFileAt: path) == 0)
      var dataset: HDF5Dataset? = try HDF5File.open(path).root.dataset("a/x")
      #expect(Library.openObjectCount(inFileAt: path) == 2, "the dataset keeps its file open")
      try #expect(dataset?.read(as: Int.self) == [1, 2, 3])
      dataset = nil
      #expect(Library.openObjectCount(inFileAt: path) == 0)
    }
  }

  @Test func closingLeavesNothingOpen() throws {
    let path = fixturePath("attributes.h5")
    try withDirectory { directory in
      let copy = directory + "/copy.h5"
      try HDF5File.writeAtomically(to: copy) { try $0.root.createDataset("x", [1]) }
      let file = try HDF5File.open(copy)
      let dataset = try file.root.dataset("x")
      try file.close()
      #expect(Library.openObjectCount(inFileAt: copy) == 0)
      #expect(dataset.count == 1)
    }
    expectFailure(nil) { _ = try HDF5File.open(path).root.group("none") }
    #expect(Library.openObjectCount(inFileAt: path) == 0)
  }

  /// Types, dataspaces and property lists belong to no file; the lock keeps other tests away.
  @Test func noIdentifierOfAnyClassIsLeft() throws {
    try withDirectory { directory in
      Library.enter()
      defer { Library.leave() }
      try exercise(directory + "/warm-up.h5")
      let before = Library.identifierCounts()
      try exercise(directory + "/file.h5")
      #expect(Library.identifierCounts() == before)
    }
  }

  private func exercise(_ path: String) throws {
    let file = try HDF5File.create(path)
    let dataset = try file.root.createDataset(
      "a/x", [1, 2, 3], options: .init(deflate: 1, shuffle: true))
    try dataset.attributes.set("texts", to: ["a", "b"])
    try dataset.attributes.set("texts", to: ["a", "b"], as: .bytes(fitting: ["a"]))
    try file.root.attributes.set("flag", to: true)
    _ = try dataset.read(as: Float.self, rows: 1..<2)
    _ = try dataset.storage()
    _ = try dataset.attributes.strings("texts")
    _ = try file.root.attributes.bool("flag")
    _ = try file.root.group("a").names()
    _ = try file.root.createDataset("texts", ["x", "yz"]).readStrings()
    expectFailure(nil) { _ = try file.root.dataset("none") }
    expectFailure(nil) { _ = try file.root.dataset("a") }
    expectFailure(nil) { try dataset.write([1, 2]) }
    let tooLarge = [Double](repeating: 0, count: 9000)
    expectFailure(nil) { try dataset.attributes.set("x", to: tooLarge) }
  }
}
