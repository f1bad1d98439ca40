import Foundation
import StrataHDF5

/// The contents of an HDF5 file: groups, datasets and attributes, without the numbers.
struct FileTree: Encodable {
  struct Attribute: Encodable {
    var name: String
    var type: String
    var shape: [Int]
    var texts: [String]?
    var numbers: [Double]?
    /// Why the value is not shown.
    var unread: String?
  }

  struct Node: Encodable {
    var name: String
    var kind: String
    var attributes: [Attribute] = []
    var type: String?
    var shape: [Int]?
    var storage: String?
    var bytes: Int?
    var children: [Node] = []
  }

  var root: Node
  var groups = 0
  var datasets = 0
  var elements = 0

  /// Groups deeper than this are named, not entered; hard links can form cycles.
  private static let deepest = 32

  init(_ file: HDF5File) throws {
    root = Node(name: "/", kind: HDF5ObjectKind.group.rawValue)
    root = try read(file.root, name: "/", depth: 0)
  }

  private mutating func read(_ group: HDF5Group, name: String, depth: Int) throws -> Node {
    groups += 1
    var node = Node(name: name, kind: HDF5ObjectKind.group.rawValue)
    node.attributes = try Self.read(group.attributes)
    guard depth < Self.deepest else { return node }
    for name in try Self.names(in: group) {
      node.children.append(try read(name, in: group, depth: depth + 1))
    }
    return node
  }

  private mutating func read(_ name: String, in group: HDF5Group, depth: Int) throws -> Node {
    let kind = try group.kind(of: name)
    switch kind {
    case .group: return try read(try group.group(name), name: name, depth: depth)
    case .dataset: return try read(try group.dataset(name), name: name)
    case .namedType, .danglingLink: return Node(name: name, kind: kind.rawValue)
    }
  }

  private mutating func read(_ dataset: HDF5Dataset, name: String) throws -> Node {
    datasets += 1
    elements += dataset.count
    let storage = try dataset.storage()
    return Node(
      name: name, kind: HDF5ObjectKind.dataset.rawValue,
      attributes: try Self.read(dataset.attributes), type: "\(dataset.dataType)",
      shape: dataset.isNull ? nil : dataset.shape, storage: storage.summary, bytes: storage.bytes)
  }

  /// In order of creation where the file keeps it; else by name, numbers in names by their value.
  private static func names(in group: HDF5Group) throws -> [String] {
    if try group.tracksCreationOrder() { return try group.names(order: .creation) }
    return try group.names().sorted { $0.compare($1, options: .numeric) == .orderedAscending }
  }

  private static func read(_ attributes: HDF5Attributes) throws -> [Attribute] {
    try attributes.names().map { name in
      var attribute = Attribute(
        name: name, type: "\(try attributes.dataType(of: name))",
        shape: try attributes.shape(of: name))
      do {
        switch try attributes.dataType(of: name) {
        case .string: attribute.texts = try attributes.strings(name)
        case let type where type.isNumeric: attribute.numbers = try attributes.values(name)
        default: attribute.unread = "a type without a reading"
        }
      } catch let error as HDF5Error {
        attribute.unread = error.reason
      }
      return attribute
    }
  }
}

extension HDF5Storage {
  /// The layout and the filters, empty for one plain run of bytes.
  fileprivate var summary: String? {
    var words: [String] = []
    switch layout {
    case .contiguous: break
    case .compact: words.append("compact")
    case .virtual: words.append("virtual")
    case .chunked(let shape): words.append("chunks \(shape)")
    }
    for filter in filters {
      switch filter {
      case .deflate(let level): words.append("gzip \(level)")
      case .shuffle: words.append("shuffle")
      case .fletcher32: words.append("fletcher32")
      case .other(let number, let name): words.append(name.isEmpty ? "filter \(number)" : name)
      }
    }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }
}
