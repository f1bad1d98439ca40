import StrataHDF5
import Testing

/// What is written comes back: numbers of each type, any shape, rows, texts.
@Suite struct WritingTests {
  private func check<Element: HDF5Element & Equatable>(
    _ values: [Element], _ type: HDF5DataType
  ) throws {
    try roundTrip { root in
      try root.createDataset("x", values)
      try root.attributes.set("x", to: values)
    } read: { root in
      try #expect(root.dataset("x").dataType == type)
      try #expect(root.dataset("x").read(as: Element.self) == values)
      try #expect(root.attributes.dataType(of: "x") == type)
      try #expect(root.attributes.values("x", as: Element.self) == values)
    }
  }

  @Test func keepsTheExtremesOfEveryType() throws {
    try check([-Float.greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity], .float32)
    try check([-Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, .pi], .float64)
    try check([Int32.min, 0, .max], .int32)
    try check([Int64.min, 0, .max], .int64)
    try check([Int.min, 0, .max], .int64)
    try check([UInt8.min, 128, .max], .uint8)
    try check([UInt64.min, .max], .integer(size: 8, signed: false, order: .little))
    try check([Int16.min, .max], .integer(size: 2, signed: true, order: .little))
  }

  @Test(arguments: [[], [1], [0], [2, 0, 3], [2, 3], [1, 1, 1, 1, 1, 2]])
  func keepsEveryShape(_ shape: [Int]) throws {
    let values = (0..<shape.reduce(1, *)).map { Float($0) }
    try roundTrip { root in
      try root.createDataset("x", values, shape: shape)
      try root.attributes.set("x", to: values, shape: shape)
    } read: { root in
      try #expect(root.dataset("x").shape == shape)
      try #expect(root.dataset("x").read(as: Float.self) == values)
      try #expect(root.attributes.shape(of: "x") == shape)
      try #expect(root.attributes.values("x", as: Float.self) == values)
    }
  }

  @Test func writesRowsOneRangeAtATime() throws {
    try roundTrip { root in
      let dataset = try root.createDataset(
        "x", shape: [5, 2], type: .float32, options: .init(deflate: 1))
      try dataset.write([Double](arrayLiteral: 0, 1, 2, 3), rows: 0..<2)
      try dataset.write([4, 5, 6, 7, 8, 9], rows: 2..<5)
      expectFailure(.wrongShape) { try dataset.write([1, 2, 3], rows: 0..<2) }
      expectFailure(.wrongShape) { try dataset.write([1, 2, 3]) }
      expectFailure(.wrongType) { try dataset.write(["a"]) }
    } read: { root in
      try #expect(root.dataset("x").read(as: Int.self) == Array(0..<10))
    }
  }

  @Test func refusesToWriteWhatDoesNotFit() throws {
    try withDirectory { directory in
      let root = try HDF5File.create(directory + "/f.h5").root
      let dataset = try root.createDataset("x", shape: [2], type: .uint8)
      expectFailure(.valueOutOfRange) { try dataset.write([1, 256]) }
      expectFailure(reason: "expected uint8, but got float64") { try dataset.write([1, 0.5]) }
      expectFailure(.wrongType) { try dataset.write([true, false]) }
      let half = HDF5DataType.float(size: 2, order: .little)
      expectFailure(.wrongType) { try root.createDataset("h", shape: [1], type: half) }
    }
  }

  @Test func writesBooleans() throws {
    try roundTrip { root in
      try root.attributes.set("yes", to: true)
      let mask = try root.createDataset("mask", shape: [3], type: .boolean)
      try mask.write([true], rows: 1..<2)
      expectFailure(reason: "expected bool, but got int64") { try mask.write([1, 0, 1]) }
    } read: { root in
      try #expect(root.attributes.dataType(of: "yes") == .boolean)
      try #expect(root.attributes.bool("yes"))
      try #expect(root.dataset("mask").dataType == .boolean)
      try #expect(root.dataset("mask").read(as: UInt8.self) == [0, 1, 0])
    }
  }

  static let stringTypes: [HDF5StringType] = [
    .variableUTF8, .variableASCII, .bytes(fitting: ["Zürich", "b"]),
    .init(.fixed(9), padding: .nullTerminated), .init(.fixed(8), padding: .spacePadded),
  ]

  @Test(arguments: stringTypes)
  func writesTextsOfEveryType(_ type: HDF5StringType) throws {
    let texts = ["Zürich", "", "ab", "a b"]
    try roundTrip { root in
      try root.createDataset("x", texts, shape: [2, 2], as: type)
      try root.attributes.set("x", to: texts, as: type)
      try root.attributes.set("scalar", to: "Zürich", as: type)
    } read: { root in
      let dataset = try root.dataset("x")
      #expect(dataset.dataType == .string(type))
      try #expect(dataset.readStrings() == texts)
      try #expect(dataset.readStrings(rows: 1..<2) == ["ab", "a b"])
      try #expect(root.attributes.dataType(of: "x") == .string(type))
      try #expect(root.attributes.strings("x") == texts)
      try #expect(root.attributes.shape(of: "scalar") == [])
      try #expect(root.attributes.string("scalar") == "Zürich")
    }
  }

  @Test func refusesTextsThatWouldNotComeBack() throws {
    try withDirectory { directory in
      let attributes = try HDF5File.create(directory + "/f.h5").root.attributes
      let short = HDF5StringType(.fixed(3))
      let error = failure { try attributes.set("x", to: "abc", as: short) }
      #expect(
        error?.reason == "a text of 3 bytes does not fit into string[3] (null-terminated UTF-8)")
      expectFailure(.invalidText) { try attributes.set("x", to: "a\0b") }
      try #expect(attributes.names() == [])
    }
  }
}
