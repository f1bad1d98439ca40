internal import Foundation

/// The members of a zip archive, stored as Keras writes them or deflated.
///
/// Source: PKWARE, APPNOTE.TXT, sections 4.3 to 4.5.
struct ZipArchive {
  private struct Member {
    var method: Int
    var isEncrypted: Bool
    var checksum: Int
    /// In the archive, and unpacked.
    var size: Int
    var fullSize: Int
    var offset: Int
  }

  private let bytes: [UInt8]
  private var members: [String: Member] = [:]

  /// Whether a file begins as an archive.
  static func isArchive(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: 4)).flatMap(\.self) == Data([0x50, 0x4b, 3, 4])
  }

  /// - Throws: `KerasFileError` for a file that is not a whole archive.
  init(contentsOf path: String) throws {
    bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let end = try Self.end(of: bytes)
    var (count, place) = (number(end + 10, 2) ?? 0, number(end + 16, 4) ?? 0)
    if place == 0xffff_ffff, let wide = number(end - 20 + 8, 8) {
      (count, place) = (number(wide + 32, 8) ?? 0, number(wide + 48, 8) ?? 0)
    }
    for _ in 0..<count {
      guard number(place, 4) == 0x0201_4b50, let name = number(place + 28, 2),
        let extra = number(place + 30, 2), let comment = number(place + 32, 2),
        place + 46 + name <= bytes.count
      else { throw Self.broken("a directory of its members") }
      let text = String(decoding: bytes[(place + 46)..<(place + 46 + name)], as: UTF8.self)
      members[text] = member(place, extra: (place + 46 + name)..<(place + 46 + name + extra))
      place += 46 + name + extra + comment
    }
  }

  var names: [String] { members.keys.sorted() }

  /// Sizes of 4 GB and more stand in the extra field.
  private func member(_ place: Int, extra: Range<Int>) -> Member {
    var member = Member(
      method: number(place + 10, 2) ?? -1,
      isEncrypted: (number(place + 8, 2) ?? 0) & 1 == 1, checksum: number(place + 16, 4) ?? 0,
      size: number(place + 20, 4) ?? 0, fullSize: number(place + 24, 4) ?? 0,
      offset: number(place + 42, 4) ?? 0)
    var field = extra.lowerBound
    while field + 4 <= extra.upperBound, let length = number(field + 2, 2) {
      if number(field, 2) == 1 {
        var at = field + 4
        if member.fullSize == 0xffff_ffff {
          member.fullSize = number(at, 8) ?? 0
          at += 8
        }
        if member.size == 0xffff_ffff {
          member.size = number(at, 8) ?? 0
          at += 8
        }
        if member.offset == 0xffff_ffff { member.offset = number(at, 8) ?? 0 }
      }
      field += 4 + length
    }
    return member
  }

  /// The end record, before a comment of any length.
  private static func end(of bytes: [UInt8]) throws -> Int {
    let least = max(0, bytes.count - 22 - 0xffff)
    for place in stride(from: bytes.count - 22, through: least, by: -1)
    where bytes[place..<(place + 4)].elementsEqual([0x50, 0x4b, 5, 6]) { return place }
    throw broken("the end of a zip archive")
  }

  private static func broken(_ expected: String) -> KerasFileError {
    KerasFileError(subject: "archive", expected: expected, found: "a damaged file")
  }

  /// A number of `count` bytes, little endian; nil outside of the file.
  private func number(_ place: Int, _ count: Int) -> Int? {
    guard place >= 0, place + count <= bytes.count else { return nil }
    let value = (0..<count).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
    return Int(exactly: value)
  }

  /// The bytes of a member.
  ///
  /// - Throws: `KerasFileError` if it is missing, damaged, encrypted or compressed in another way.
  func bytes(of name: String) throws -> [UInt8] {
    guard let member = members[name] else {
      throw KerasFileError(
        subject: "archive", expected: "a member \(name)",
        found: members.keys.sorted().joined(separator: ", "))
    }
    guard member.method == 0 || member.method == 8, !member.isEncrypted else {
      throw KerasFileError(
        subject: "\(name) in the archive",
        expected: "a member stored or deflated (pack it anew with Python's zipfile or zip)",
        found: member.isEncrypted ? "an encrypted one" : "compression method \(member.method)")
    }
    guard number(member.offset, 4) == 0x0403_4b50, let length = number(member.offset + 26, 2),
      let extra = number(member.offset + 28, 2),
      let start = Optional(member.offset + 30 + length + extra), member.size >= 0,
      start <= bytes.count, member.size <= bytes.count - start
    else { throw Self.broken("the member \(name)") }
    let packed = Array(bytes[start..<(start + member.size)])
    let content =
      member.method == 0 ? packed : try? Inflater.inflate(packed, count: member.fullSize)
    guard let content, Int(Inflater.checksum(content)) == member.checksum else {
      throw Self.broken("the member \(name) with its checksum")
    }
    return content
  }
}
