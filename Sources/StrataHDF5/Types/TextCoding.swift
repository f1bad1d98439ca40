internal import CHDF5
internal import Foundation

extension HDF5StringType {
  /// The texts of a buffer of fixed-length elements, without their padding.
  func decode(
    fixed buffer: [UInt8], count: Int, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> [String] {
    guard case .fixed(let size) = length else { return [] }
    var texts: [String] = []
    texts.reserveCapacity(count)
    for index in 0..<count {
      let bytes = trim(buffer[index * size..<(index + 1) * size])
      texts.append(try Self.text(bytes, operation, site))
    }
    return texts
  }

  private func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    switch padding {
    case .nullTerminated: return bytes.prefix { $0 != 0 }
    case .nullPadded: return bytes[..<((bytes.lastIndex { $0 != 0 } ?? bytes.startIndex - 1) + 1)]
    case .spacePadded:
      return bytes[..<((bytes.lastIndex { $0 != 0x20 } ?? bytes.startIndex - 1) + 1)]
    }
  }

  /// The texts of a buffer of pointers, which the library allocated; releases them.
  static func decode(
    variable pointers: [UnsafeMutablePointer<CChar>?], _ operation: HDF5Error.Operation,
    _ site: Site
  ) throws(HDF5Error) -> [String] {
    defer { for pointer in pointers where pointer != nil { H5free_memory(pointer) } }
    var texts: [String] = []
    texts.reserveCapacity(pointers.count)
    for pointer in pointers {
      guard let pointer else {
        texts.append("")
        continue
      }
      let bytes = UnsafeRawBufferPointer(start: pointer, count: strlen(pointer))
      texts.append(try text(bytes, operation, site))
    }
    return texts
  }

  private static func text(
    _ bytes: some Collection<UInt8>, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    throw site.error(.invalidText, operation, "the text is not valid UTF-8")
  }

  /// Elements of fixed length, padded.
  func encode(
    fixed texts: [String], size: Int, _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) -> [UInt8] {
    let filler: UInt8 = padding == .spacePadded ? 0x20 : 0
    var buffer = [UInt8](repeating: filler, count: texts.count * size)
    let room = padding == .nullTerminated ? size - 1 : size
    for (index, text) in texts.enumerated() {
      guard text.utf8.count <= room else {
        throw site.error(
          .wrongShape, operation,
          "a text of \(text.utf8.count) bytes does not fit into \(self)")
      }
      for (offset, byte) in text.utf8.enumerated() { buffer[index * size + offset] = byte }
    }
    return buffer
  }

  /// Throws for a text that would come back shortened.
  static func checkNoNull(
    _ texts: [String], _ operation: HDF5Error.Operation, _ site: Site
  ) throws(HDF5Error) {
    guard !texts.contains(where: { $0.utf8.contains(0) }) else {
      throw site.error(.invalidText, operation, "a text contains a null character")
    }
  }

  /// Calls `body` with pointers to the texts as C strings.
  static func withPointers<R>(
    _ texts: [String], _ body: (UnsafeRawPointer?) -> R
  ) -> R {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
      starts.append(bytes.count)
      bytes.append(contentsOf: text.utf8.lazy.map(CChar.init(bitPattern:)))
      bytes.append(0)
    }
    return bytes.withUnsafeBufferPointer { buffer in
      let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } }
      return pointers.withUnsafeBytes { body($0.baseAddress) }
    }
  }
}
