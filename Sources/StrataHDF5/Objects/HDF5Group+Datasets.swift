internal import CHDF5

/// How a dataset is stored.
public struct HDF5DatasetOptions: Equatable, Sendable {
  /// The shape of the pieces it is stored in; nil: chosen if a filter needs pieces, else in one run.
  public var chunkShape: [Int]?
  /// The level of gzip compression, 0 to 9.
  public var deflate: Int?
  /// Whether bytes are regrouped by significance before compression.
  public var shuffle: Bool
  /// Whether each piece carries a Fletcher-32 checksum.
  public var checksum: Bool

  public init(
    chunkShape: [Int]? = nil, deflate: Int? = nil, shuffle: Bool = false, checksum: Bool = false
  ) {
    self.chunkShape = chunkShape
    self.deflate = deflate
    self.shuffle = shuffle
    self.checksum = checksum
  }
}

extension HDF5Group {
  /// Creates a dataset, and the groups on the way to it, without writing values; they read as zero.
  ///
  /// - Parameters:
  ///   - path: The dataset's path; an existing object is an error.
  ///   - shape: Any number of sizes; none for a scalar.
  ///   - type: Integers, floating-point numbers of 4 or 8 bytes, booleans or texts.
  ///   - options: Pieces and filters; ignored without elements or sizes, where nothing can be cut.
  /// - Returns: The dataset, open.
  /// - Throws: `HDF5Error`.
  @discardableResult
  public func createDataset(
    _ path: String, shape: [Int], type: HDF5DataType, options: HDF5DatasetOptions = .init()
  ) throws(HDF5Error) -> HDF5Dataset {
    Library.enter()
    defer { Library.leave() }
    let site = node.site.object(path)
    try checkVacant(path, .createDataset)
    let extent = try Extent(shape, .createDataset, site)
    let space = try extent.makeSpace(.createDataset, site)
    let fileType = try type.makeHandle(.createDataset, site)
    let creation = try options.makeHandle(extent, elementSize: type.size, site)
    let links = try Self.linkSettings(.createDataset, site)
    let id = H5Dcreate2(
      node.id, path, fileType.id, space.id, links.id, creation.id, ch5_default())
    let handle = try Handle.take(id, .createDataset, site, in: node.file)
    return try HDF5Dataset(node: Node(handle: handle, site: site))
  }

  /// Creates a dataset from numbers in row-major order.
  ///
  /// - Parameters:
  ///   - path: The dataset's path; an existing object is an error.
  ///   - values: As many as the shape has elements.
  ///   - shape: Any number of sizes; none for a scalar. nil: one axis.
  ///   - options: Pieces and filters.
  /// - Returns: The dataset, open.
  /// - Throws: `HDF5Error`.
  @discardableResult
  public func createDataset<Element: HDF5Element>(
    _ path: String, _ values: [Element], shape: [Int]? = nil,
    options: HDF5DatasetOptions = .init()
  ) throws(HDF5Error) -> HDF5Dataset {
    let site = node.site.object(path)
    let shape = shape ?? [values.count]
    try Extent(shape, .createDataset, site).checkCount(values.count, .createDataset, site)
    let dataset = try createDataset(
      path, shape: shape, type: Element.hdf5DataType, options: options)
    try dataset.write(values)
    return dataset
  }

  /// Creates a dataset from texts in row-major order.
  ///
  /// - Parameters:
  ///   - path: The dataset's path; an existing object is an error.
  ///   - texts: As many as the shape has elements.
  ///   - shape: Any number of sizes; none for a scalar. nil: one axis.
  ///   - type: How the texts are stored.
  ///   - options: Pieces and filters.
  /// - Returns: The dataset, open.
  /// - Throws: `HDF5Error`.
  @discardableResult
  public func createDataset(
    _ path: String, _ texts: [String], shape: [Int]? = nil,
    as type: HDF5StringType = .variableUTF8, options: HDF5DatasetOptions = .init()
  ) throws(HDF5Error) -> HDF5Dataset {
    let site = node.site.object(path)
    let shape = shape ?? [texts.count]
    try Extent(shape, .createDataset, site).checkCount(texts.count, .createDataset, site)
    let dataset = try createDataset(path, shape: shape, type: .string(type), options: options)
    try dataset.write(texts)
    return dataset
  }
}

extension HDF5DatasetOptions {
  private static let chunkBytes = 1 << 20

  private var hasFilter: Bool { deflate != nil || shuffle || checksum }

  /// The library's creation settings.
  func makeHandle(
    _ extent: Extent, elementSize: Int, _ site: Site
  ) throws(HDF5Error) -> Handle {
    let operation = HDF5Error.Operation.createDataset
    let settings = try Handle.properties(ch5_dataset_creation(), operation, site)
    guard !extent.shape.isEmpty, extent.count > 0, hasFilter || chunkShape != nil else {
      return settings
    }
    let chunk = chunkShape ?? Self.chunk(of: extent.shape, elementSize: elementSize)
    guard chunk.count == extent.shape.count, zip(chunk, extent.shape).allSatisfy({ 1...$1 ~= $0 })
    else {
      throw site.error(
        .wrongShape, operation, "chunks of shape \(chunk) do not fit the shape \(extent.shape)")
    }
    let sizes = chunk.map { hsize_t($0) }
    _ = try Library.check(H5Pset_chunk(settings.id, Int32(sizes.count), sizes), operation, site)
    // The order in which h5py applies them.
    if shuffle { _ = try Library.check(H5Pset_shuffle(settings.id), operation, site) }
    if let deflate {
      guard 0...9 ~= deflate else {
        throw site.error(
          .valueOutOfRange, operation, "the compression level must be 0 to 9, but got \(deflate)")
      }
      _ = try Library.check(H5Pset_deflate(settings.id, UInt32(deflate)), operation, site)
    }
    if checksum { _ = try Library.check(H5Pset_fletcher32(settings.id), operation, site) }
    return settings
  }

  /// A piece of at most a mebibyte, as a run of whole rows where rows are that small.
  static func chunk(of shape: [Int], elementSize: Int) -> [Int] {
    var chunk = shape
    for axis in chunk.indices {
      let rest = chunk[(axis + 1)...].reduce(elementSize, *)
      chunk[axis] = min(shape[axis], max(1, chunkBytes / rest))
      if rest <= chunkBytes { break }
    }
    return chunk
  }
}
