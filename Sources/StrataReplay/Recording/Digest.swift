internal import Crypto
package import Foundation
internal import StrataCore
package import StrataTensor
public import StrataTraining

/// SHA-256 over canonical bytes: values in order, little endian, every NaN as `0x7fc00000`.
public struct Digest: Sendable, Hashable, Codable, CustomStringConvertible {
  /// 64 hexadecimal digits.
  public let description: String

  public init(from decoder: any Decoder) throws {
    description = try decoder.singleValueContainer().decode(String.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
  init(_ text: String) { description = text }

  /// Of Float32 values.
  package init(of values: [Float]) {
    let words = values.map { ($0.isNaN ? 0x7fc0_0000 : $0.bitPattern).littleEndian }
    self = words.withUnsafeBytes { Digest(bytes: $0) }
  }

  package init(bytes: some DataProtocol) {
    description = SHA256.hash(data: bytes).map { Self.hexadecimal($0) }.joined()
  }
  private init(bytes: UnsafeRawBufferPointer) { self.init(bytes: Data(bytes)) }

  /// Of a text.
  package init(of text: String) { self.init(bytes: Data(text.utf8)) }

  /// Of a sequence of digests.
  package init(of digests: [Digest]) {
    self.init(of: digests.map(\.description).joined(separator: "\n"))
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = Array("0123456789abcdef")
    return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
  }

  /// The first 12 digits, for people.
  public var short: String { String(description.prefix(12)) }
}

/// The digest of everything that a training changes: weights, statistics, optimizer slots, counter.
public struct StateDigest: Sendable, Hashable, Codable {
  public struct Entry: Sendable, Hashable, Codable {
    public var path: String
    public var digest: Digest
  }
  public var entries: [Entry]

  /// One digest of all.
  public var combined: Digest { Digest(of: entries.map(\.digest)) }

  public init(of model: Model) {
    entries = model.parameters.map { parameter in
      let values = parameter.storage.array(of: Float.self, count: parameter.spec.shape.count)
      return Entry(path: parameter.path, digest: Digest(of: values))
    }
    guard let memory = model.optimizerState else { return }
    entries += memory.slots.map { slot in
      let values = slot.storage.array(of: Float.self, count: slot.shape.count)
      return Entry(
        path: Model.stateName(slot, in: model.parameters), digest: Digest(of: values))
    }
    entries.append(
      Entry(path: "optimizer/iterations", digest: Digest(of: "\(memory.iterations)")))
  }

  /// The first tensor in which two states differ.
  public func firstDifference(from other: StateDigest) -> String? {
    let pairs = zip(entries, other.entries)
    if let pair = pairs.first(where: { $0 != $1 }) { return pair.0.path }
    return entries.count == other.entries.count ? nil : "the list of tensors"
  }
}

extension Dataset {
  /// A digest for each tensor, by name: `x0`, `y0`, `w0`.
  package func digests() throws -> [String: Digest] {
    var result: [String: Digest] = [:]
    for (name, tensor) in named { result[name] = Digest(of: try tensor.asFloat32().floats()) }
    return result
  }

  /// The tensors by name, as run files hold them.
  package var named: [(name: String, tensor: Tensor)] {
    inputs.enumerated().map { ("x\($0)", $1) } + targets.enumerated().map { ("y\($0)", $1) }
      + weights.enumerated().compactMap { index, weights in weights.map { ("w\(index)", $0) } }
  }
}
