internal import StrataCore
internal import StrataHDF5
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// Writes the weights of a model as Keras 0 or 1 does.
struct WeightsWriter {
  var target: Semantics
  var notes: NoteList

  func write(_ model: Model, to root: HDF5Group) throws {
    let layout = WeightLayout(dialect: KerasDialect(target))
    let weights = layout.weights(of: model)
    guard layout.dialect == .keras0 else { return try write(model, weights, layout, to: root) }
    let isGraph = model.architecture.form == .graph
    let groups = isGraph ? [weights.flatMap(\.self)] : weights
    if !isGraph { try root.attributes.set("nb_layers", to: groups.count) }
    for (index, weights) in groups.enumerated() {
      let group = try root.createGroup(isGraph ? "graph" : "layer_\(index)")
      let arrays = try weights.flatMap { try separated($0, model) }
      try group.attributes.set("nb_params", to: arrays.count)
      for (number, array) in arrays.enumerated() {
        try group.createDataset("param_\(number)", array.values, shape: array.shape)
      }
    }
  }

  private struct Values {
    var values: [Float]
    var shape: [Int]
  }

  private func values(_ weight: WeightLayout.Weight, _ model: Model) -> Values {
    let parameter = model.parameters[weight.parameter]
    let shape = parameter.spec.shape
    let values = parameter.storage.array(of: Float.self, count: shape.count)
    let conversion = StatisticConversion(parameter, model, from: model.semantics, to: target)
    return Values(values: conversion?.apply(values, notes) ?? values, shape: shape.dimensions)
  }

  /// Keras 0 has a matrix for each gate: fused ones cannot be written.
  private func separated(_ weight: WeightLayout.Weight, _ model: Model) throws -> [Values] {
    let parameter = model.parameters[weight.parameter]
    let layer = type(of: model.architecture.nodes[parameter.node].layer).name
    if ["LSTM", "GRU"].contains(layer), parameter.spec.name == "kernel" {
      throw KerasFileError(
        subject: parameter.path, expected: "a matrix for each gate (gateLayout: .separate)",
        found: "one for all gates, which Keras \(target.version) does not have")
    }
    return [values(weight, model)]
  }

  /// Keras 1: groups and arrays by name.
  private func write(
    _ model: Model, _ weights: [[WeightLayout.Weight]], _ layout: WeightLayout,
    to root: HDF5Group
  ) throws {
    let nodes = model.architecture.nodes.map { $0.name ?? "" }
    let inputs =
      model.architecture.form == .graph ? model.architecture.inputs.map { $0.name ?? "" } : []
    try root.attributes.set("backend", to: target.backend.kind.rawValue, as: .variableASCII)
    try setNames("layer_names", inputs + nodes, root)
    for name in inputs { try setNames("weight_names", [], try root.createGroup(name)) }
    for (layer, weights) in zip(nodes, weights) {
      let group = try root.createGroup(layer)
      let names = weights.map { layout.variable($0, layer: layer) }
      try setNames("weight_names", names, group)
      for (name, weight) in zip(names, weights) {
        let array = values(weight, model)
        try group.createDataset(name, array.values, shape: array.shape)
      }
    }
  }

  /// Texts of fixed length; an empty list is one of numbers, as h5py writes it.
  private func setNames(_ attribute: String, _ names: [String], _ group: HDF5Group) throws {
    if names.isEmpty {
      try group.attributes.set(attribute, to: [Double]())
    } else {
      try group.attributes.set(attribute, to: names, as: .bytes(fitting: names))
    }
  }
}
