internal import StrataCore
internal import StrataHDF5
internal import StrataLayers
internal import StrataTraining

/// The layout of weights since Keras 3 (and tf.keras 2.12): groups by class and position, not by
/// name: `layers/dense_1/vars/0`, `layers/sequential/layers/lstm/cell/vars/0`.
struct ObjectPaths {
  var root: HDF5Group
  /// The group of all layers of a model.
  private var folder: String

  /// nil for a file of another layout.
  init?(_ root: HDF5Group) throws {
    guard try !root.attributes.contains("layer_names") else { return nil }
    let folders = ["layers", "_layer_checkpoint_dependencies"]
    guard let folder = try folders.first(where: { try root.exists($0) }) else { return nil }
    (self.root, self.folder) = (root, folder)
  }

  /// The group of each node.
  func paths(of architecture: Architecture) -> [String] {
    var counts: [String: [String: Int]] = [:]
    var known: [String: String] = [:]
    func place(_ className: String, in container: String) -> String {
      let base = Self.snakeCase(className)
      let count = counts[container, default: [:]][base, default: 0]
      counts[container, default: [:]][base] = count + 1
      return "\(container)\(folder)/\(count == 0 ? base : "\(base)_\(count)")"
    }
    return architecture.nodes.map { node in
      var (container, key, isTimed) = ("", "", false)
      for model in node.models {
        key += "/\(model.name)"
        // What is at every time step is the one `layer` of its wrapper.
        let path =
          known[key] ?? (isTimed ? "\(container)layer" : place(model.className, in: container))
        isTimed = model.className == TimeDistributed.name
        known[key] = path
        container = "\(path)/"
      }
      let inner = (node.layer as? TimeDistributed)?.layer
      let isWrapped = node.models.contains { $0.className == TimeDistributed.name }
      return place(type(of: isWrapped ? inner ?? node.layer : node.layer).name, in: container)
    }
  }

  /// As Keras turns the name of a class into that of an object.
  static func snakeCase(_ name: String) -> String {
    name.replacing(/(.)([A-Z][a-z]+)/) { "\($0.1)_\($0.2)" }
      .replacing(/([a-z])([A-Z])/) { "\($0.1)_\($0.2)" }.lowercased()
  }

  /// The arrays of a layer in the order of its weights.
  func arrays(_ path: String) throws -> [HDF5Dataset] {
    try root.exists(path) ? arrays(of: try root.group(path)) : []
  }

  /// Objects inside of a layer that come in another order than that of their names.
  private static let order = [
    "forward_layer", "backward_layer", "query_dense", "key_dense", "value_dense", "output_dense",
  ]

  private func arrays(of group: HDF5Group) throws -> [HDF5Dataset] {
    var result: [HDF5Dataset] = []
    func rank(_ name: String) -> Int {
      Self.order.firstIndex { name == $0 || name == "_\($0)" } ?? Self.order.count
    }
    var names = try group.names().filter { $0 != "vars" && !$0.contains("seed_generator") }
    names = names.enumerated().sorted {
      (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
    }.map(\.element)
    if try group.exists("vars") { result += try Self.numbered(try group.group("vars")) }
    for name in names where try group.kind(of: name) == .group {
      result += try arrays(of: try group.group(name))
    }
    return result
  }

  /// The datasets `0`, `1`, … of a group.
  static func numbered(_ group: HDF5Group) throws -> [HDF5Dataset] {
    try group.names().compactMap(Int.init).sorted().map { try group.dataset("\($0)") }
  }
}
