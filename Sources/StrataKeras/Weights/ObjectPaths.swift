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
      return place(
        className(isWrapped ? inner ?? node.layer : node.layer, container), in: container)
    }
  }

  /// The class of a layer in the file: a loop of cells is Keras's `RNN`.
  private func className(_ layer: any Layer, _ container: String) -> String {
    let name = type(of: layer).name
    guard layer is any RecurrentLayer else { return name }
    let path = "\(container)\(folder)/\(Self.snakeCase(name))"
    return (try? root.exists(path)) ?? false ? name : "RNN"
  }

  /// As Keras turns the name of a class into that of an object.
  static func snakeCase(_ name: String) -> String {
    name.replacing(/(.)([A-Z][a-z]+)/) { "\($0.1)_\($0.2)" }
      .replacing(/([a-z])([A-Z])/) { "\($0.1)_\($0.2)" }.lowercased()
  }

  /// The arrays of a layer in the order of its weights.
  func arrays(_ path: String, of layer: any Layer) throws -> [HDF5Dataset] {
    guard try root.exists(path) else { return [] }
    let group = try root.group(path)
    if layer is SpectralNormalization, try group.exists("layer") {
      // The kernel stands among the wrapper's own variables too, before the vector.
      return try arrays(of: try group.group("layer"), cells: [])
        + Self.numbered(try group.group("vars")).suffix(1)
    }
    return try arrays(of: group, cells: Self.cells(of: layer))
  }

  /// The names of the cells of a loop in their order: `lstm_cell`, `gru_cell`, `lstm_cell_1`.
  private static func cells(of layer: any Layer) -> [String] {
    let layers =
      ((layer as? Bidirectional)?.layer ?? layer) as? StackedRNNCells
    var counts: [String: Int] = [:]
    return (layers?.layers ?? []).map { cell in
      let name = snakeCase(type(of: cell).name + "Cell")
      let count = counts[name, default: 0]
      counts[name] = count + 1
      return count == 0 ? name : "\(name)_\(count)"
    }
  }

  /// Objects inside of a layer that come in another order than that of their names.
  private static let order = [
    "forward_layer", "backward_layer", "query_dense", "key_dense", "value_dense", "output_dense",
  ]

  private func arrays(of group: HDF5Group, cells: [String]) throws -> [HDF5Dataset] {
    var result: [HDF5Dataset] = []
    func rank(_ name: String) -> Int {
      if let place = cells.firstIndex(of: name) { return place }
      return Self.order.firstIndex { name == $0 || name == "_\($0)" } ?? Self.order.count
    }
    var names = try group.names().filter { $0 != "vars" && !$0.contains("seed_generator") }
    names = names.enumerated().sorted {
      (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
    }.map(\.element)
    if try group.exists("vars") { result += try Self.numbered(try group.group("vars")) }
    for name in names where try group.kind(of: name) == .group {
      result += try arrays(of: try group.group(name), cells: cells)
    }
    return result
  }

  /// The datasets `0`, `1`, … of a group.
  static func numbered(_ group: HDF5Group) throws -> [HDF5Dataset] {
    try group.names().compactMap(Int.init).sorted().map { try group.dataset("\($0)") }
  }
}
