import StrataHDF5
import Testing

/// Attributes as h5py writes them, replaced and removed ones, and large ones.
@Suite struct AttributesTests {
  @Test func readsTextsOfEveryKind() throws {
    let root = try fixture("strings.h5").root
    let attributes = root.attributes
    try #expect(attributes.string("variableUTF8") == "Zürich")
    try #expect(attributes.dataType(of: "variableUTF8") == .string(.variableUTF8))
    try #expect(attributes.string("variableASCII") == "1.2.0")
    try #expect(attributes.dataType(of: "variableASCII") == .string(.variableASCII))
    try #expect(attributes.string("fixedASCII") == "tensorflow")
    try #expect(attributes.strings("fixedArray") == ["dense_1", "dropout", "x"])
    try #expect(
      attributes.dataType(of: "fixedArray") == .string(.bytes(fitting: ["dense_1"])))
    try #expect(attributes.strings("variableArray") == ["a", "", "größer"])
    try #expect(attributes.strings("matrix") == ["a", "b", "c", "d"])
    try #expect(attributes.shape(of: "matrix") == [2, 2])
  }

  @Test(arguments: ["variableUTF8", "fixedASCII", "fixedArray", "variableArray", "variableASCII"])
  func readsTheSameFromDatasets(_ name: String) throws {
    let root = try fixture("strings.h5").root
    try #expect(root.dataset(name).readStrings() == root.attributes.strings(name))
    try #expect(root.dataset(name).dataType == root.attributes.dataType(of: name))
  }

  @Test func trimsWhatThePaddingSays() throws {
    let attributes = try fixture("strings.h5").root.attributes
    try #expect(attributes.strings("spaces") == ["ab", "", " a b"])
    try #expect(attributes.strings("terminated") == ["ab", "", "full"])
    try #expect(attributes.strings("nulls") == ["ab", "", "full"])
  }

  @Test func anEmptyListHasNoTexts() throws {
    let attributes = try fixture("strings.h5").root.attributes
    try #expect(attributes.dataType(of: "emptyList") == .float64)
    try #expect(attributes.strings("emptyList") == [])
    try #expect(attributes.strings("empty") == [])
  }

  @Test func refusesTextThatIsNotUTF8() throws {
    let attributes = try fixture("strings.h5").root.attributes
    expectFailure(.invalidText) { _ = try attributes.string("notUTF8") }
  }

  @Test func readsNumbersOfEveryKind() throws {
    let attributes = try fixture("numeric_attributes.h5").root.attributes
    try #expect(attributes.value("int", as: Int.self) == 18)
    try #expect(attributes.value("int", as: Float.self) == 18)
    try #expect(attributes.value("float", as: Double.self) == 0.5)
    try #expect(attributes.bool("bool"))
    try #expect(attributes.value("bool", as: UInt8.self) == 1)
    try #expect(attributes.values("bigEndian", as: Int32.self) == [1, -2, 3])
    try #expect(attributes.values("halves", as: Float.self) == [0.5, 1.5])
    try #expect(attributes.shape(of: "halves") == [1, 2])
    try #expect(attributes.values("floats", as: Double.self) == [1.5, 2.5])
    expectFailure(.valueOutOfRange) { _ = try attributes.value("float", as: Int.self) }
    expectFailure(.valueOutOfRange) { _ = try attributes.values("bigEndian", as: UInt8.self) }
  }

  @Test func refusesTheWrongTypeAndShape() throws {
    let attributes = try fixture("strings.h5").root.attributes
    let path = fixturePath("strings.h5")
    expectFailure(
      description: "HDF5: cannot read attribute 'fixedASCII' of '/' in '\(path)': "
        + "expected numbers, but found string[10] (null-padded ASCII)."
    ) { _ = try attributes.value("fixedASCII", as: Int.self) }
    expectFailure(reason: "expected one value, but found 3 of shape [3]") {
      _ = try attributes.string("fixedArray")
    }
    let numbers = try fixture("numeric_attributes.h5").root.attributes
    expectFailure(reason: "expected texts, but found int64") { _ = try numbers.string("int") }
    expectFailure(
      reason:
        "there is no such attribute among 'bigEndian', 'bool', 'float', 'floats', 'halves', 'int'"
    ) { _ = try numbers.string("none") }
  }

  @Test func replacesAndRemoves() throws {
    try roundTrip { root in
      let attributes = root.attributes
      try attributes.set("x", to: [1, 2, 3])
      try attributes.set("x~", to: 9)
      try attributes.set("x", to: "now a text")
      try attributes.set("gone", to: 1.5)
      try attributes.delete("gone")
      expectFailure(.objectMissing) { try attributes.delete("gone") }
    } read: { root in
      try #expect(root.attributes.names() == ["x", "x~"])
      try #expect(root.attributes.string("x") == "now a text")
      try #expect(root.attributes.contains("gone") == false)
    }
  }

  @Test func readsLargeAttributes() throws {
    let attributes = try fixture("attributes.h5").root.attributes
    try #expect(attributes.values("big", as: Int.self) == Array(0..<9000))
    let names = try attributes.strings("bigNames")
    #expect(names.count == 6000)
    #expect(names.last == "layer_005999")
  }

  @Test func writesLargeAttributesInTheNewLayoutOnly() throws {
    let values = (0..<20_000).map { Float($0) }
    try roundTrip(compatibility: .latest) { root in
      try root.attributes.set("big", to: values)
    } read: { root in
      try #expect(root.attributes.values("big", as: Float.self) == values)
    }
    try roundTrip { root in
      try root.attributes.set("big", to: 1)
      let error = failure { try root.attributes.set("big", to: values) }
      #expect(error?.kind == .attributeTooLarge)
      #expect(error?.reason.hasPrefix("its 80000 bytes exceed the 64 KB") == true)
      try root.attributes.set("text", to: String(repeating: "x", count: 200_000))
    } read: { root in
      try #expect(root.attributes.names() == ["big", "text"])
      try #expect(root.attributes.value("big", as: Int.self) == 1)
      try #expect(root.attributes.string("text").count == 200_000)
    }
  }
}
