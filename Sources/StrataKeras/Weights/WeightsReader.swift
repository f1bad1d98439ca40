internal import StrataCore
internal import StrataHDF5
internal import StrataLayers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// Reads the weights of a model from the layouts of all releases.
struct WeightsReader {
  var source: Semantics
  var notes: NoteList

  /// The arrays that a file holds for one layer.
  struct Group {
    var name: String
    var arrays: [HDF5Dataset]
  }

  func read(_ root: HDF5Group, into model: Model) throws {
    let layout = WeightLayout(dialect: KerasDialect(source))
    let expected = layout.weights(of: model)
    if let objects = try ObjectPaths(root) {
      let paths = zip(objects.paths(of: model.architecture), model.architecture.nodes)
      for ((path, node), weights) in zip(paths, expected) where !weights.isEmpty {
        let arrays = try objects.arrays(path, of: node.layer)
        try assign(Group(name: path, arrays: arrays), weights, model)
      }
      convertStatistics(model)
      return
    }
    let groups = try Self.groups(root)
    if groups.isFlat {
      let all = Group(name: "the file", arrays: groups.list.flatMap(\.arrays))
      try assign(all, expected.flatMap(\.self), model)
    } else {
      let list = groups.list.filter { !$0.arrays.isEmpty }
      let known = Set(list.map(\.name))
      let units = layout.units(of: model).filter { known.contains($0.name) || !$0.isNested }
      let isWhole = units.count == layout.units(of: model).count
      let names = model.architecture.nodes.map { $0.name ?? "" }
      try assign(
        list, isWhole ? units.map(\.weights) : expected, isWhole ? units.map(\.name) : names, model)
    }
    convertStatistics(model)
  }

  private func convertStatistics(_ model: Model) {
    for parameter in model.parameters {
      guard
        let conversion = StatisticConversion(
          parameter, model, from: source, to: model.semantics)
      else { continue }
      let values = parameter.storage.array(of: Float.self, count: parameter.spec.shape.count)
      parameter.storage.store(conversion.apply(values, notes))
    }
  }

  // MARK: Layouts

  /// The groups of a file; flat if layers are known by position only.
  static func groups(_ root: HDF5Group) throws -> (list: [Group], isFlat: Bool) {
    let attributes = root.attributes
    if try attributes.contains("nb_layers") {
      let count = try Self.count("nb_layers", attributes)
      return (try (0..<count).map { try numbered(root, "layer_\($0)") }, true)
    }
    if try root.exists("graph"), try root.kind(of: "graph") == .group {
      return ([try numbered(root, "graph")], true)
    }
    if try root.exists("model_weights"), try root.kind(of: "model_weights") == .group {
      return try groups(try root.group("model_weights"))
    }
    guard let layers = try names("layer_names", attributes) else {
      let found = (try attributes.names() + root.names()).prefix(8).joined(separator: ", ")
      throw KerasFileError(
        subject: "weights",
        expected: "the attribute layer_names (Keras 1 and later) or nb_layers (Keras 0)",
        found: found.isEmpty ? "an empty file" : found)
    }
    return (
      try layers.map { name in
        let group = try root.group(name)
        guard let weights = try names("weight_names", group.attributes) else {
          throw KerasFileError(
            subject: "layer \(name)", expected: "the attribute weight_names", found: "none")
        }
        return Group(name: name, arrays: try weights.map { try group.dataset($0) })
      }, false
    )
  }

  private static func count(_ name: String, _ attributes: HDF5Attributes) throws -> Int {
    let count = try attributes.value(name, as: Int.self)
    guard count >= 0 else {
      throw KerasFileError(subject: name, expected: "a number of 0 or more", found: "\(count)")
    }
    return count
  }

  private static func numbered(_ root: HDF5Group, _ name: String) throws -> Group {
    let group = try root.group(name)
    let count = try Self.count("nb_params", group.attributes)
    return Group(name: name, arrays: try (0..<count).map { try group.dataset("param_\($0)") })
  }

  /// The texts of an attribute, also where it is split (`layer_names0`, `layer_names1`, …).
  static func names(_ name: String, _ attributes: HDF5Attributes) throws -> [String]? {
    if try attributes.contains(name) { return try attributes.strings(name) }
    var parts: [String] = []
    var index = 0
    while try attributes.contains("\(name)\(index)") {
      parts += try attributes.strings("\(name)\(index)")
      index += 1
    }
    return index == 0 ? nil : parts
  }

  // MARK: Assignment

  /// Layers by name where the names agree, else in order.
  private func assign(
    _ groups: [Group], _ expected: [[WeightLayout.Weight]], _ names: [String], _ model: Model
  ) throws {
    let nodes = expected.indices.filter { !expected[$0].isEmpty }
    guard nodes.count == groups.count else {
      throw KerasFileError(
        subject: "weights", expected: "\(nodes.count) layers with weights",
        found: "\(groups.count) (\(groups.map(\.name).joined(separator: ", ")))")
    }
    let byName = Dictionary(groups.map { ($0.name, $0) }) { first, _ in first }
    let agree = nodes.allSatisfy { byName[names[$0]] != nil }
    if !agree {
      notes.add(.mapped, "weights", "the names of the layers differ; they are taken in order")
    }
    for (position, node) in nodes.enumerated() {
      let group = agree ? byName[names[node]] ?? groups[position] : groups[position]
      try assign(group, expected[node], model)
    }
  }

  private func assign(
    _ group: Group, _ weights: [WeightLayout.Weight], _ model: Model
  ) throws {
    guard group.arrays.count == weights.count else {
      throw KerasFileError(
        subject: "weights of \(group.name)", expected: "\(weights.count) arrays",
        found: "\(group.arrays.count)")
    }
    let cuDNN = CuDNNWeights(group.arrays, weights.map { model.parameters[$0.parameter] })
    for (index, (array, weight)) in zip(group.arrays, weights).enumerated() {
      let parameter = model.parameters[weight.parameter]
      if let values = try cuDNN.values(index) {
        parameter.storage.store(values)
        notes.add(.converted, parameter.path, "cuDNN's form is turned into that of the plain layer")
        continue
      }
      if let kernel = try converted(array, parameter, model) {
        parameter.storage.store(try kernel.floats())
        continue
      }
      guard array.shape == parameter.spec.shape.dimensions else {
        throw KerasFileError(
          subject: array.path, expected: "shape \(parameter.spec.shape) for \(parameter.path)",
          found: "\(array.shape)")
      }
      try parameter.storage.read(array, count: parameter.spec.shape.count)
    }
  }

  // MARK: Kernels of another release

  /// The kernel of a convolution in the form of the model's release; nil if it is no such kernel, or
  /// the file has that form.
  private func converted(
    _ array: HDF5Dataset, _ parameter: Model.Parameter, _ model: Model
  ) throws -> Tensor? {
    guard parameter.spec.name == "kernel",
      let layer = model.architecture.nodes[parameter.node].layer as? any ConvolutionLayer,
      let new = layer.form
    else { return nil }
    var original = layer
    original.form = nil
    original.resolve(under: source)
    guard let old = original.form, old.kernel != new.kernel || old.isRotated != new.isRotated
    else { return nil }
    let kernel = Tensor(try array.read(as: Float.self), shape: Shape(array.shape))
    let result = old.converted(kernel, to: new, isLine: layer.kernelSize.count == 1)
    guard result.shape == parameter.spec.shape else {
      throw KerasFileError(
        subject: array.path, expected: "a kernel of \(source) for \(parameter.path)",
        found: "\(array.shape)")
    }
    notes.add(
      .converted, parameter.path,
      "the kernel of \(source) is turned into the form of \(model.semantics)")
    return result
  }
}

extension Storage {
  /// Reads a dataset of `count` numbers.
  func read(_ dataset: HDF5Dataset, count: Int) throws {
    let floats = base.bindMemory(to: Float.self, capacity: count)
    try dataset.read(into: UnsafeMutableBufferPointer(start: floats, count: count))
  }
}
