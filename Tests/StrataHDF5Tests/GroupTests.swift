import StrataHDF5
import Testing

/// Paths, kinds, names and their order, creation and removal.
@Suite struct GroupTests {
  @Test func listsNamesInEitherOrder() throws {
    let root = try fixture("links.h5").root
    let plain = try root.group("plain")
    try #expect(plain.names() == ["a", "m", "z"])
    try #expect(plain.tracksCreationOrder())
    try #expect(plain.names(order: .creation) == ["z", "a", "m"])
    try #expect(root.names(order: .creation).prefix(4) == ["zebra", "apple", "mango", "plain"])
    try #expect(root.attributes.names(order: .creation) == ["zebra", "apple", "mango"])
    try #expect(root.attributes.names() == ["apple", "mango", "zebra"])
  }

  @Test func saysWhenTheOrderOfCreationIsNotKept() throws {
    let group = try fixture("links.h5").root.group("untracked")
    try #expect(group.tracksCreationOrder() == false)
    expectFailure(.notTracked) { _ = try group.names(order: .creation) }
    expectFailure(.notTracked) { _ = try group.attributes.names(order: .creation) }
    let dataset = try fixture("strings.h5").root.dataset("matrix")
    expectFailure(.notTracked) { _ = try dataset.attributes.names(order: .creation) }
  }

  @Test(arguments: [
    ("plain", HDF5ObjectKind.group), ("plain/a", .dataset), ("/", .group), ("soft", .dataset),
    ("hard", .dataset), ("type", .namedType), ("dangling", .danglingLink), ("./plain//a", .dataset),
  ])
  func tellsKinds(_ path: String, _ kind: HDF5ObjectKind) throws {
    let root = try fixture("links.h5").root
    try #expect(root.kind(of: path) == kind)
    try #expect(root.exists(path) == (kind != .danglingLink))
  }

  @Test func resolvesPaths() throws {
    let root = try fixture("links.h5").root
    let plain = try root.group("plain")
    #expect(plain.path == "/plain")
    try #expect(plain.dataset("a").path == "/plain/a")
    try #expect(plain.dataset("/plain/z").path == "/plain/z")
    try #expect(plain.exists("none") == false)
    try #expect(root.exists("plain/a/b") == false)
    try #expect(root.exists("none/a/b") == false)
  }

  @Test func namesWhatIsMissing() throws {
    let root = try fixture("links.h5").root
    let file = fixturePath("links.h5")
    expectFailure(
      description: "HDF5: cannot open '/plain/x' of '\(file)': "
        + "there is no 'x' in '/plain', which holds 'a', 'm', 'z'."
    ) { _ = try root.dataset("plain/x") }
    expectFailure(reason: "'/plain/a' is a dataset") { _ = try root.group("plain/a/b/c") }
    expectFailure(reasonSuffix: "holds nothing") { _ = try root.kind(of: "zebra/x") }
    expectFailure(.wrongKind) { _ = try root.group("plain/a") }
    expectFailure(reason: "expected a dataset, but found a group") { _ = try root.dataset("plain") }
    let dangling = failure { _ = try root.dataset("dangling") }
    #expect(dangling?.kind == .objectMissing)
    #expect(dangling?.reason == "'/dangling' is a dangling link")
  }

  @Test func createsIntermediateGroupsAndKeepsOrder() throws {
    try roundTrip { root in
      let deep = try root.createGroup("a/b/c", tracksCreationOrder: true)
      for name in ["z", "y", "x"] { try deep.createGroup(name) }
      try deep.attributes.set("two", to: 2)
      try deep.attributes.set("one", to: 1)
      expectFailure(.objectExists) { try root.createGroup("a/b") }
      expectFailure(.objectExists) { try root.createDataset("a", [1]) }
    } read: { root in
      let deep = try root.group("a/b/c")
      try #expect(deep.names(order: .creation) == ["z", "y", "x"])
      try #expect(deep.attributes.names(order: .creation) == ["two", "one"])
      try #expect(root.group("a").tracksCreationOrder() == false)
    }
  }

  @Test func deletes() throws {
    try roundTrip { root in
      try root.createDataset("a/x", [1])
      try root.createDataset("a/y", [1])
      try root.delete("a/x")
      expectFailure(.objectMissing) { try root.delete("a/x") }
    } read: { root in
      try #expect(root.group("a").names() == ["y"])
    }
  }

  @Test func listsManyNames() throws {
    let names = (0..<2000).map { "layer_\($0)" }
    try roundTrip { root in
      for name in names { try root.createGroup(name) }
    } read: { root in
      try #expect(root.names() == names.sorted())
    }
  }
}
