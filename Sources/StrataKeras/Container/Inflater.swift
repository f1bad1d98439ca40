internal import CZlib

/// Decompresses deflated data, and their checksum, by zlib.
enum Inflater {
  /// Data that no compressor wrote.
  struct Damage: Error {}

  /// A deflated byte stands for no more bytes than these.
  ///
  /// Source: zlib's technical notes.
  private static let greatestRatio = 1032

  /// The data of `count` bytes that the input, without a header, stands for.
  ///
  /// - Throws: `Damage` if it stands for something else.
  static func inflate(_ input: [UInt8], count: Int) throws -> [UInt8] {
    guard count >= 0, count / greatestRatio <= input.count else { throw Damage() }
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, size) == Z_OK else { throw Damage() }
    defer { inflateEnd(&stream) }
    return try input.withUnsafeBufferPointer { source in
      try [UInt8](unsafeUninitializedCapacity: count + 1) { target, used in
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.next_out = target.baseAddress
        var status = Z_OK
        while status == Z_OK {
          stream.avail_in = uInt(clamping: source.count - Int(stream.total_in))
          stream.avail_out = uInt(clamping: target.count - Int(stream.total_out))
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
        }
        used = Int(stream.total_out)
        guard status == Z_STREAM_END, used == count else { throw Damage() }
      }
    }
  }

  /// The CRC-32 of archives.
  static func checksum(_ bytes: [UInt8]) -> UInt32 { UInt32(crc32_z(0, bytes, bytes.count)) }
}
