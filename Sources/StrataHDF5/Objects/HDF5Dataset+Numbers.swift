internal import CHDF5

extension HDF5Dataset {
  /// Reads numbers in row-major order, converted to the requested type.
  ///
  /// - Parameters:
  ///   - element: The Swift type of the result; see `HDF5Element` for what converts.
  ///   - rows: The part of the first axis to read; nil for everything.
  /// - Returns: The values; none if the dataset has no elements.
  /// - Throws: `HDF5Error`.
  public func read<Element: HDF5Element>(
    as element: Element.Type = Element.self, rows: Range<Int>? = nil
  ) throws(HDF5Error) -> [Element] {
    Library.enter()
    defer { Library.leave() }
    let operation = HDF5Error.Operation.readDataset
    let selection = try select(rows, operation)
    guard dataType.isNumeric else {
      throw node.site.error(.wrongType, operation, "expected numbers, but found \(dataType)")
    }
    guard selection.count > 0 else { return [] }
    if dataType.isFloat, Element.hdf5DataType.isInteger {
      return try Element.integers(read(as: Double.self, rows: rows), operation, node.site)
    }
    var failure: HDF5Error?
    let values = [Element](unsafeUninitializedCapacity: selection.count) { buffer, count in
      do throws(HDF5Error) {
        try read(selection, into: buffer)
        count = selection.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// Reads all numbers in row-major order into memory of one's own, converted to its type.
  ///
  /// - Parameter buffer: As many elements as the dataset has; floating point.
  /// - Throws: `HDF5Error`.
  public func read<Element: HDF5Element & BinaryFloatingPoint>(
    into buffer: UnsafeMutableBufferPointer<Element>
  ) throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let operation = HDF5Error.Operation.readDataset
    let selection = try select(nil, operation)
    guard dataType.isNumeric else {
      throw node.site.error(.wrongType, operation, "expected numbers, but found \(dataType)")
    }
    try check(buffer.count, selection, operation)
    if selection.count > 0 { try read(selection, into: buffer) }
  }

  private func read<Element: HDF5Element>(
    _ selection: Selection, into buffer: UnsafeMutableBufferPointer<Element>
  ) throws(HDF5Error) {
    let memoryType = try Element.makeMemoryType(.readDataset, node.site)
    let transfer = try StrictTransfer(into: Element.hdf5DataType, .readDataset, node.site)
    let status = H5Dread(
      node.id, memoryType.id, selection.memoryID, selection.fileID, transfer.handle.id,
      buffer.baseAddress)
    try transfer.check(status, from: dataType, to: Element.hdf5DataType)
  }

  /// Writes numbers in row-major order, converted to the type in the file.
  ///
  /// - Parameters:
  ///   - values: As many as the dataset or the rows have elements.
  ///   - rows: The part of the first axis to write; nil for everything.
  /// - Throws: `HDF5Error`.
  public func write<Element: HDF5Element>(
    _ values: [Element], rows: Range<Int>? = nil
  ) throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let operation = HDF5Error.Operation.writeDataset
    let selection = try select(rows, operation)
    guard dataType.isFloat || dataType.isInteger && Element.hdf5DataType.isInteger else {
      throw node.site.error(
        .wrongType, operation, "expected \(dataType), but got \(Element.hdf5DataType)")
    }
    try check(values.count, selection, operation)
    guard selection.count > 0 else { return }
    let memoryType = try Element.makeMemoryType(operation, node.site)
    let transfer = try StrictTransfer(into: dataType, operation, node.site)
    let status = values.withUnsafeBytes { buffer in
      H5Dwrite(
        node.id, memoryType.id, selection.memoryID, selection.fileID, transfer.handle.id,
        buffer.baseAddress)
    }
    try transfer.check(status, from: Element.hdf5DataType, to: dataType)
  }

  /// Writes booleans in row-major order into a dataset of type `boolean`.
  ///
  /// - Parameters:
  ///   - flags: As many as the dataset or the rows have elements.
  ///   - rows: The part of the first axis to write; nil for everything.
  /// - Throws: `HDF5Error`.
  public func write(_ flags: [Bool], rows: Range<Int>? = nil) throws(HDF5Error) {
    Library.enter()
    defer { Library.leave() }
    let operation = HDF5Error.Operation.writeDataset
    let selection = try select(rows, operation)
    guard dataType == .boolean else {
      throw node.site.error(.wrongType, operation, "expected \(dataType), but got bool")
    }
    try check(flags.count, selection, operation)
    guard selection.count > 0 else { return }
    let memoryType = try dataType.makeHandle(operation, node.site)
    let bytes = flags.map { $0 ? UInt8(1) : 0 }
    let status = H5Dwrite(
      node.id, memoryType.id, selection.memoryID, selection.fileID, ch5_default(), bytes)
    _ = try Library.check(status, operation, node.site)
  }

  func check(
    _ found: Int, _ selection: Selection, _ operation: HDF5Error.Operation
  ) throws(HDF5Error) {
    guard found == selection.count else {
      throw node.site.error(
        .wrongShape, operation,
        "expected \(selection.count) values of the shape \(shape), but got \(found)")
    }
  }
}
