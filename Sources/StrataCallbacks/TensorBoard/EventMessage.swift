import Foundation

/// A protocol-buffer message being written, field by field.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  /// A whole number, 7 bits a byte, least significant first.
  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func tag(_ field: Int, _ wire: UInt64) { append(UInt64(field) << 3 | wire) }

  mutating func set(_ field: Int, _ value: Int) {
    tag(field, 0)
    append(UInt64(bitPattern: Int64(value)))
  }
  mutating func set(_ field: Int, _ value: Double) {
    tag(field, 1)
    bytes += value.bitPattern.littleEndianBytes
  }
  mutating func set(_ field: Int, _ value: Float) {
    tag(field, 5)
    bytes += value.bitPattern.littleEndianBytes
  }
  mutating func set(_ field: Int, _ value: [UInt8]) {
    tag(field, 2)
    append(UInt64(value.count))
    bytes += value
  }
  mutating func set(_ field: Int, _ text: String) { set(field, Array(text.utf8)) }
  mutating func set(_ field: Int, _ message: ProtobufMessage) { set(field, message.bytes) }
}

extension FixedWidthInteger {
  /// The bytes of the number, least significant first.
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian, Array.init) }
}

/// An entry of an event file: a time, a step, and a value under a tag.
///
/// Field numbers are those of TensorFlow's `event.proto`, `summary.proto`, `tensor.proto`.
enum EventMessage {
  /// The first entry of every file.
  static func version(at time: Double, writer: String?) -> [UInt8] {
    var event = ProtobufMessage()
    event.set(1, time)
    event.set(3, "brain.Event:2")
    if let writer {
      var source = ProtobufMessage()
      source.set(1, writer)
      event.set(10, source)
    }
    return event.bytes
  }

  /// A number as TensorFlow 1 writes it: `simple_value`.
  static func simple(_ tag: String, _ value: Float, step: Int, at time: Double) -> [UInt8] {
    var entry = ProtobufMessage()
    entry.set(1, tag)
    entry.set(2, value)
    return event(entry, step, time)
  }

  /// A number as TensorFlow 2 writes it: a tensor without axes, for the plug-in `scalars`.
  static func scalar(_ tag: String, _ value: Float, step: Int, at time: Double) -> [UInt8] {
    var tensor = ProtobufMessage()
    tensor.set(1, 1)  // DT_FLOAT
    tensor.set(2, ProtobufMessage())
    tensor.set(4, value.bitPattern.littleEndianBytes)
    return event(entry(tag, tensor, plugin: "scalars"), step, time)
  }

  /// A histogram as TensorFlow 2 writes it: rows of left edge, right edge, count.
  static func histogram(
    _ tag: String, _ rows: [[Double]], step: Int, at time: Double
  ) -> [UInt8] {
    var shape = ProtobufMessage()
    for size in [rows.count, 3] {
      var axis = ProtobufMessage()
      axis.set(1, size)
      shape.set(2, axis)
    }
    var tensor = ProtobufMessage()
    tensor.set(1, 2)  // DT_DOUBLE
    tensor.set(2, shape)
    tensor.set(4, rows.joined().flatMap(\.bitPattern.littleEndianBytes))
    return event(entry(tag, tensor, plugin: "histograms"), step, time)
  }

  private static func entry(
    _ tag: String, _ tensor: ProtobufMessage, plugin name: String
  ) -> ProtobufMessage {
    var plugin = ProtobufMessage()
    plugin.set(1, name)
    var metadata = ProtobufMessage()
    metadata.set(1, plugin)
    var entry = ProtobufMessage()
    entry.set(1, tag)
    entry.set(8, tensor)
    entry.set(9, metadata)
    return entry
  }

  private static func event(_ entry: ProtobufMessage, _ step: Int, _ time: Double) -> [UInt8] {
    var summary = ProtobufMessage()
    summary.set(1, entry)
    var event = ProtobufMessage()
    event.set(1, time)
    event.set(2, step)
    event.set(5, summary)
    return event.bytes
  }
}
