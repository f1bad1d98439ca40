import Foundation
import StrataHDF5
import Testing

/// Layouts and filters, and reading and writing by rows.
@Suite struct StorageTests {
  static let expected: [(String, HDF5Storage.Layout, [HDF5Storage.Filter])] = [
    ("contiguous", .contiguous, []),
    ("chunked", .chunked([7, 10]), []),
    ("gzip", .chunked([7, 4]), [.deflate(level: 6)]),
    ("shuffled", .chunked([16, 10]), [.shuffle, .deflate(level: 4)]),
    ("checked", .chunked([60, 10]), [.fletcher32]),
  ]

  @Test(arguments: expected)
  func reportsAndReads(
    _ name: String, _ layout: HDF5Storage.Layout, _ filters: [HDF5Storage.Filter]
  ) throws {
    let dataset = try fixture("storage.h5").root.dataset(name)
    let storage = try dataset.storage()
    #expect(storage.layout == layout)
    #expect(storage.filters == filters)
    #expect(storage.bytes > 0)
    try #expect(dataset.read(as: Float.self) == (0..<600).map { Float($0) })
    try #expect(dataset.read(as: Float.self, rows: 5..<20) == (50..<200).map { Float($0) })
    try #expect(dataset.read(as: Float.self, rows: 59..<60) == (590..<600).map { Float($0) })
    try #expect(dataset.read(as: Float.self, rows: 3..<3) == [])
  }

  @Test func refusesRowsOutside() throws {
    let root = try fixture("storage.h5").root
    let error = failure { _ = try root.dataset("gzip").read(as: Float.self, rows: 50..<61) }
    #expect(error?.kind == .wrongShape)
    #expect(error?.reason == "the rows 50..<61 are not among its 60")
    let scalar = try fixture("numbers.h5").root.dataset("scalar")
    expectFailure(.wrongShape) { _ = try scalar.read(as: Float.self, rows: 0..<1) }
  }

  @Test func namesAFilterThatIsNotInstalled() throws {
    let dataset = try fixture("storage.h5").root.dataset("lzf")
    try #expect(dataset.storage().filters == [.other(32000, "lzf")])
    let error = failure { _ = try dataset.read(as: Float.self) }
    #expect(error?.kind == .filterMissing)
    #expect(error?.reason == "required filter 'lzf' is not registered")
  }

  @Test func noticesADamagedPiece() throws {
    try withDirectory { directory in
      let path = directory + "/damaged.h5"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: fixturePath("storage.h5")))
      // The last run of the values 590...599; `lzf` comes compressed, `checked` before it does not.
      let row = (590..<600).map { Float($0) }.withUnsafeBytes { Data($0) }
      let place = try #require(bytes.range(of: row, options: .backwards))
      bytes[place.lowerBound] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
      let root = try HDF5File.open(path).root
      let error = failure { _ = try root.dataset("checked").read(as: Float.self) }
      #expect(error?.kind == .library)
      #expect(error?.reason.contains("Fletcher32") == true)
    }
  }

  @Test(arguments: [
    HDF5DatasetOptions(), .init(chunkShape: [3, 4]), .init(deflate: 9), .init(shuffle: true),
    .init(deflate: 1, shuffle: true), .init(chunkShape: [7, 1], deflate: 4, checksum: true),
  ])
  func writesEveryLayout(_ options: HDF5DatasetOptions) throws {
    let values = (0..<70).map { Float($0) / 3 }
    try roundTrip { root in
      try root.createDataset("a/b/x", values, shape: [7, 10], options: options)
    } read: { root in
      let dataset = try root.dataset("a/b/x")
      #expect(dataset.shape == [7, 10])
      try #expect(dataset.read(as: Float.self) == values)
      let storage = try dataset.storage()
      let isPlain = options == HDF5DatasetOptions()
      #expect(storage.layout == (isPlain ? .contiguous : .chunked(options.chunkShape ?? [7, 10])))
      #expect(storage.filters.contains(.shuffle) == options.shuffle)
      #expect(storage.filters.contains(.fletcher32) == options.checksum)
      let level = options.deflate.map { HDF5Storage.Filter.deflate(level: $0) }
      #expect(level.map(storage.filters.contains) ?? true)
    }
  }

  @Test func choosesPiecesOfAMebibyte() throws {
    try roundTrip { root in
      let deflate = HDF5DatasetOptions(deflate: 1)
      try root.createDataset("tall", shape: [100_000, 64], type: .float32, options: deflate)
      try root.createDataset("wide", shape: [3, 1_000_000], type: .float64, options: deflate)
      try root.createDataset("nothing", shape: [0, 4], type: .float32, options: deflate)
      try root.createDataset("scalar", shape: [], type: .float32, options: deflate)
    } read: { root in
      try #expect(root.dataset("tall").storage().layout == .chunked([4096, 64]))
      try #expect(root.dataset("wide").storage().layout == .chunked([1, 131072]))
      try #expect(root.dataset("nothing").storage().layout == .contiguous)
      try #expect(root.dataset("scalar").read(as: Float.self) == [0])
    }
  }

  @Test func refusesImpossibleOptions() throws {
    try withDirectory { directory in
      let root = try HDF5File.create(directory + "/f.h5").root
      let chunk = HDF5DatasetOptions(chunkShape: [5, 1])
      let error = failure { try root.createDataset("x", [1, 2, 3, 4], options: chunk) }
      #expect(error?.reason == "chunks of shape [5, 1] do not fit the shape [4]")
      let level = HDF5DatasetOptions(deflate: 10)
      expectFailure(.valueOutOfRange) { try root.createDataset("x", [1, 2], options: level) }
      expectFailure(.wrongShape) { try root.createDataset("x", [1, 2], shape: [3]) }
      expectFailure(.wrongShape) { try root.createDataset("x", [Int](), shape: [-1]) }
      try #expect(root.exists("x") == false)
    }
  }
}
