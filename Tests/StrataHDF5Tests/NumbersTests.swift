import Foundation
import StrataHDF5
import Testing

/// Reading of numbers that h5py wrote.
@Suite struct NumbersTests {
  static let codes = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]

  @Test(arguments: codes, ["little", "big"])
  func convertsEveryNumberType(_ code: String, _ order: String) throws {
    let dataset = try fixture("numbers.h5").root.dataset("\(order)/\(code)")
    #expect(dataset.shape == [2, 3])
    try #expect(dataset.read(as: Float.self) == [0, 1, 2, 3, 4, 5])
    try #expect(dataset.read(as: Double.self) == [0, 1, 2, 3, 4, 5])
    try #expect(dataset.read(as: Int32.self) == [0, 1, 2, 3, 4, 5])
    try #expect(dataset.read(as: Int64.self) == [0, 1, 2, 3, 4, 5])
    try #expect(dataset.read(as: UInt8.self) == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: codes, ["little", "big"])
  func reportsEveryNumberType(_ code: String, _ order: String) throws {
    let size = try #require(Int(code.dropFirst()))
    let byteOrder: HDF5DataType.ByteOrder = order == "big" && size > 1 ? .big : .little
    let expected: HDF5DataType =
      code.hasPrefix("f")
      ? .float(size: size, order: byteOrder)
      : .integer(size: size, signed: code.hasPrefix("i"), order: byteOrder)
    try #expect(fixture("numbers.h5").root.dataset("\(order)/\(code)").dataType == expected)
  }

  @Test func describesTypesInWords() throws {
    let root = try fixture("numbers.h5").root
    try #expect(root.dataset("big/i4").dataType.description == "int32 (big endian)")
    try #expect(root.dataset("little/u1").dataType.description == "uint8")
    try #expect(root.dataset("booleans").dataType.description == "bool")
    try #expect(root.dataset("colours").dataType.description == "enumeration of int16")
    try #expect(root.dataset("compound").dataType.description == "compound of 8 bytes")
  }

  @Test func readsIntoMemoryOfOnesOwn() throws {
    let dataset = try fixture("numbers.h5").root.dataset("big/i4")
    var values = [Float](repeating: .nan, count: 6)
    try values.withUnsafeMutableBufferPointer { try dataset.read(into: $0) }
    #expect(values == [0, 1, 2, 3, 4, 5])
    values = [0]
    #expect(throws: HDF5Error.self) {
      try values.withUnsafeMutableBufferPointer { try dataset.read(into: $0) }
    }
  }

  @Test func readsBooleansAndEnumerations() throws {
    let root = try fixture("numbers.h5").root
    try #expect(root.dataset("booleans").dataType == .boolean)
    try #expect(root.dataset("booleans").read(as: UInt8.self) == [1, 0, 1])
    try #expect(root.dataset("booleans").read(as: Float.self) == [1, 0, 1])
    try #expect(root.dataset("colours").read(as: Int32.self) == [7, 0])
  }

  @Test func readsEveryShape() throws {
    let root = try fixture("numbers.h5").root
    let scalar = try root.dataset("scalar")
    #expect(scalar.shape == [] && scalar.count == 1 && !scalar.isNull)
    try #expect(scalar.read(as: Float.self) == [2.5])
    let empty = try root.dataset("empty")
    #expect(empty.shape == [] && empty.count == 0 && empty.isNull)
    try #expect(empty.read(as: Float.self) == [])
    let zeroRows = try root.dataset("zeroRows")
    #expect(zeroRows.shape == [0, 3] && zeroRows.count == 0)
    try #expect(zeroRows.read(as: Float.self) == [])
    try #expect(zeroRows.read(as: Float.self, rows: 0..<0) == [])
    let deep = try root.dataset("rank5")
    #expect(deep.shape == [2, 2, 2, 2, 2])
    try #expect(deep.read(as: Int.self) == Array(0..<32))
  }

  @Test func keepsSpecialValues() throws {
    let root = try fixture("numbers.h5").root
    let doubles = try root.dataset("special").read(as: Double.self)
    #expect(doubles[0].isNaN)
    #expect(doubles[1...] == [.infinity, -.infinity, 0, 1e300])
    #expect(doubles[3].sign == .minus)
    let floats = try root.dataset("special").read(as: Float.self)
    #expect(floats[0].isNaN)
    #expect(floats[1...] == [.infinity, -.infinity, 0, .infinity])
    let halves = try root.dataset("halves").read(as: Float.self)
    #expect(halves == [0.5, -2, 65504, 0x1p-24, .infinity])
  }

  @Test(arguments: [
    ("fractions", "the value 1.5 is not representable as int32"),
    ("large", "a value of type int64 is too large, so it is not representable as int32"),
    ("special", "the value nan is not representable as int32"),
  ])
  func refusesValuesThatDoNotFit(_ name: String, _ reason: String) throws {
    let dataset = try fixture("numbers.h5").root.dataset(name)
    let error = failure { _ = try dataset.read(as: Int32.self) }
    #expect(error?.kind == .valueOutOfRange)
    #expect(error?.reason == reason)
  }

  @Test func refusesNegativeValuesAsUnsigned() throws {
    let dataset = try fixture("numbers.h5").root.dataset("negative")
    let error = failure { _ = try dataset.read(as: UInt8.self) }
    #expect(error?.reason.contains("is too small") == true)
  }

  @Test func refusesCompoundElements() throws {
    let dataset = try fixture("numbers.h5").root.dataset("compound")
    let error = failure { _ = try dataset.read(as: Float.self) }
    #expect(
      error?.description == "HDF5: cannot read the dataset '/compound' of "
        + "'\(fixturePath("numbers.h5"))': expected numbers, but found compound of 8 bytes.")
  }
}
