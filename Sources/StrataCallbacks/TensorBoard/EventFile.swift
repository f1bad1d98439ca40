import Foundation
import Synchronization

/// A file of events, growing: TensorFlow's record framing around protocol-buffer messages.
///
/// A record is `length (8 bytes) | masked CRC-32C of the length | data | masked CRC-32C of the data`,
/// least significant bytes first.
final class EventFile {
  /// How TensorFlow 1 and 2 name their files and say who wrote them.
  enum Style: Sendable, Hashable { case first, second }

  private static let opened = Atomic<Int>(0)

  let path: String
  private let file: FileHandle
  private var pending = Data()

  /// - Throws: `EventFileError` if the folder or the file cannot be made.
  init(in folder: String, _ style: Style) throws {
    let manager = FileManager.default
    let now = Date().timeIntervalSince1970
    path = folder + "/" + Self.name(at: Int(now), style, in: folder)
    do {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw EventFileError(path: folder, expected: "a folder that can be made") }
    guard manager.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw EventFileError(path: path, expected: "a file that can be created") }
    self.file = file
    let writer = style == .first ? nil : "tensorflow.core.util.events_writer"
    append(EventMessage.version(at: now, writer: writer))
    try flush()
  }

  deinit { try? file.close() }

  /// `events.out.tfevents.SECONDS.HOST`, and since TensorFlow 2 also `.PROCESS.NUMBER.v2`.
  private static func name(at seconds: Int, _ style: Style, in folder: String) -> String {
    let digits = String(seconds)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    let stem = "events.out.tfevents.\(padded).\(host)"
    switch style {
    case .second:
      let number = opened.add(1, ordering: .relaxed).oldValue
      return stem + ".\(ProcessInfo.processInfo.processIdentifier).\(number).v2"
    case .first:
      // A second training within the same second must not empty the file of the first.
      var name = stem
      var number = 0
      while FileManager.default.fileExists(atPath: folder + "/" + name) {
        number += 1
        name = stem + ".\(number)"
      }
      return name
    }
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Seconds since 1970.
  var now: Double { Date().timeIntervalSince1970 }

  func append(_ message: [UInt8]) {
    let length = UInt64(message.count).littleEndianBytes
    pending += length
    pending += CRC32C.masked(length).littleEndianBytes
    pending += message
    pending += CRC32C.masked(message).littleEndianBytes
  }

  /// Brings everything to the disk.
  ///
  /// - Throws: `EventFileError` if it does not go there.
  func flush() throws {
    do {
      try file.write(contentsOf: pending)
      try file.synchronize()
    } catch { throw EventFileError(path: path, expected: "a disk with room for events") }
    pending.removeAll(keepingCapacity: true)
  }

  func close() throws {
    try flush()
    try file.close()
  }
}

/// A folder or file for events that cannot be written.
public struct EventFileError: Error, Hashable, CustomStringConvertible {
  public var path: String
  public var expected: String
  public var description: String { "TensorBoard: expected \(expected) at \"\(path)\"." }
}

/// The checksum of record files: CRC-32 with Castagnoli's polynomial, rotated and shifted.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1
    }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }

  /// `((c >> 15) | (c << 17)) + 0xa282ead8`, so that sums of data with sums inside stay good.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }
}
