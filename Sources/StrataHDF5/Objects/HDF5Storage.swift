internal import CHDF5

/// How a dataset is stored in its file.
public struct HDF5Storage: Equatable, Sendable {
  /// Where the elements are.
  public enum Layout: Equatable, Sendable {
    /// In the dataset's own header.
    case compact
    /// In one run of bytes.
    case contiguous
    /// In pieces of this shape.
    case chunked([Int])
    /// In other datasets.
    case virtual
  }

  /// A step between the elements and their bytes in the file.
  public enum Filter: Equatable, Sendable {
    case deflate(level: Int)
    case shuffle
    case fletcher32
    /// Any other, by its registered number and its name.
    case other(Int, String)
  }

  public let layout: Layout
  /// In the order in which writing applies them.
  public let filters: [Filter]
  /// Bytes taken in the file; 0 as long as nothing has been written.
  public let bytes: Int
}

extension HDF5Dataset {
  /// How the dataset is stored: pieces, filters, size.
  public func storage() throws(HDF5Error) -> HDF5Storage {
    Library.enter()
    defer { Library.leave() }
    let site = node.site
    try node.checkOpen(.describeDataset, site)
    let settings = try Handle.take(H5Dget_create_plist(node.id), .describeDataset, site)
    return HDF5Storage(
      layout: try layout(settings), filters: try filters(settings),
      bytes: Int(clamping: H5Dget_storage_size(node.id)))
  }

  private func layout(_ settings: Handle) throws(HDF5Error) -> HDF5Storage.Layout {
    switch H5Pget_layout(settings.id) {
    case H5D_COMPACT: return .compact
    case H5D_CONTIGUOUS: return .contiguous
    case H5D_VIRTUAL: return .virtual
    default:
      var sizes = [hsize_t](repeating: 0, count: shape.count)
      let rank = H5Pget_chunk(settings.id, Int32(sizes.count), &sizes)
      _ = try Library.check(rank, .describeDataset, node.site)
      return .chunked(sizes.map { Int(clamping: $0) })
    }
  }

  private func filters(_ settings: Handle) throws(HDF5Error) -> [HDF5Storage.Filter] {
    let count = try Library.check(H5Pget_nfilters(settings.id), .describeDataset, node.site)
    var filters: [HDF5Storage.Filter] = []
    for index in 0..<UInt32(count) {
      var values = [UInt32](repeating: 0, count: 16)
      var valueCount = values.count
      var name = [CChar](repeating: 0, count: 64)
      let number = H5Pget_filter2(
        settings.id, index, nil, &valueCount, &values, name.count, &name, nil)
      _ = try Library.check(number, .describeDataset, node.site)
      let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      switch number {
      case H5Z_FILTER_DEFLATE: filters.append(.deflate(level: Int(values[0])))
      case H5Z_FILTER_SHUFFLE: filters.append(.shuffle)
      case H5Z_FILTER_FLETCHER32: filters.append(.fletcher32)
      default: filters.append(.other(Int(number), String(decoding: bytes, as: UTF8.self)))
      }
    }
    return filters
  }
}
