internal import CHDF5

extension HDF5Dataset {
  /// Reads texts in row-major order, without their padding.
  ///
  /// - Parameter rows: The part of the first axis to read; nil for everything.
  /// - Returns: The texts; none if the dataset has no elements.
  /// - Throws: `HDF5Error`.
  public func readStrings(rows: Range<Int>? = nil) throws(HDF5Error) -> [String] {
    Library.enter()
    defer { Library.leave() }
    let operation = HDF5Error.Operation.readDataset
    let selection = try select(rows, operation)
    guard case .string(let type) = dataType else {
      throw node.site.error(.wrongType, operation, "expected texts, but found \(dataType)")
    }
    guard selection.count > 0 else { return [] }
    let memoryType = try dataType.makeHandle(operation, node.site)
    return try type.read(count: selection.count, operation, node.site) { buffer in
      H5Dread(
        node.id, memoryType.id, selection.memoryID, selection.fileID, ch5_default(), buffer)
    }
  }

  /// Writes texts in row-major order.
  ///
  /// - Parameters:
  ///   - texts: As many as the dataset or the rows have elements.
  ///   - rows: The part of the first axis to write; nil for everything.
  /// - Throws: `HDF5Error`.
  public func write(_ texts: [String], rows: Range<Int>? = nil) throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let operation = HDF5Error.Operation.writeDataset
    let selection = try select(rows, operation)
    guard case .string(let type) = dataType else {
      throw node.site.error(.wrongType, operation, "expected \(dataType), but got texts")
    }
    try check(texts.count, selection, operation)
    guard selection.count > 0 else { return }
    let memoryType = try dataType.makeHandle(operation, node.site)
    try type.write(texts, operation, node.site) { buffer in
      H5Dwrite(
        node.id, memoryType.id, selection.memoryID, selection.fileID, ch5_default(), buffer)
    }
  }
}

extension HDF5StringType {
  /// Reads texts with a library call that fills a buffer of this type.
  func read(
    count: Int, _ operation: HDF5Error.Operation, _ site: Site,
    _ fill: (UnsafeMutableRawPointer?) -> herr_t
  ) throws(HDF5Error) -> [String] {
    switch length {
    case .fixed(let size):
      var buffer = [UInt8](repeating: 0, count: count * size)
      let status = buffer.withUnsafeMutableBytes { fill($0.baseAddress) }
      _ = try Library.check(status, operation, site)
      return try decode(fixed: buffer, count: count, operation, site)
    case .variable:
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      let status = pointers.withUnsafeMutableBytes { fill($0.baseAddress) }
      _ = try Library.check(status, operation, site)
      return try Self.decode(variable: pointers, operation, site)
    }
  }

  /// Writes texts with a library call that takes a buffer of this type.
  func write(
    _ texts: [String], _ operation: HDF5Error.Operation, _ site: Site,
    _ pass: (UnsafeRawPointer?) -> herr_t
  ) throws(HDF5Error) {
    try Self.checkNoNull(texts, operation, site)
    switch length {
    case .fixed(let size):
      let buffer = try encode(fixed: texts, size: size, operation, site)
      let status = buffer.withUnsafeBytes { pass($0.baseAddress) }
      _ = try Library.check(status, operation, site)
    case .variable:
      _ = try Library.check(Self.withPointers(texts, pass), operation, site)
    }
  }
}
