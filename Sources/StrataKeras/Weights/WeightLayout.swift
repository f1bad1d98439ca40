internal import StrataCore
internal import StrataSemantics
internal import StrataTraining

/// How a release names and orders the weights of a layer.
struct WeightLayout {
  var dialect: KerasDialect

  /// A weight of a node.
  struct Weight {
    /// The position among the model's parameters.
    var parameter: Int
    /// The name within the layer, in the words of the release.
    var name: String
  }

  /// The weights of each node in the order of the release's `get_weights`.
  func weights(of model: Model) -> [[Weight]] {
    var nodes: [[Weight]] = model.architecture.nodes.map { _ in [] }
    for (index, parameter) in model.parameters.enumerated() where parameter.spec.isSaved {
      nodes[parameter.node].append(Weight(parameter: index, name: name(parameter.spec.name)))
    }
    guard dialect < .keras2 else { return nodes }
    return nodes.map { weights in
      let gates = "icfo"
      guard weights.contains(where: { $0.name.hasSuffix("W_c") }) else { return weights }
      func gate(_ weight: Weight) -> Int {
        weight.name.last.flatMap { gates.firstIndex(of: $0) }?.utf16Offset(in: gates) ?? 0
      }
      func direction(_ weight: Weight) -> Int { weight.name.hasPrefix("backward_") ? 1 : 0 }
      let order = weights.enumerated().sorted {
        (direction($0.element), gate($0.element), $0.offset)
          < (direction($1.element), gate($1.element), $1.offset)
      }
      return order.map(\.element)
    }
  }

  /// A layer, or a model inside of the model, that a file holds under one name.
  struct Unit {
    var name: String
    var isNested: Bool
    var weights: [Weight]
  }

  /// The layers and nested models of a model in order; of a nested one, what training changes comes
  /// first.
  func units(of model: Model) -> [Unit] {
    var units: [Unit] = []
    for (node, weights) in zip(model.architecture.nodes, weights(of: model)) {
      let name = node.models.first?.name ?? node.name ?? ""
      if !node.models.isEmpty,
        let index = units.firstIndex(where: { $0.name == name && $0.isNested })
      {
        units[index].weights += weights
      } else {
        units.append(Unit(name: name, isNested: !node.models.isEmpty, weights: weights))
      }
    }
    return units.map { unit in
      guard unit.isNested else { return unit }
      var unit = unit
      func isTrained(_ weight: Weight) -> Bool { model.parameters[weight.parameter].isTrainable }
      unit.weights = unit.weights.filter(isTrained) + unit.weights.filter { !isTrained($0) }
      return unit
    }
  }

  /// The release's name for one of our parameters.
  func name(_ name: String) -> String {
    guard dialect < .keras2 else { return name }
    for prefix in ["forward_", "backward_"] where name.hasPrefix(prefix) {
      return prefix + self.name(String(name.dropFirst(prefix.count)))
    }
    let gate = name.split(separator: "_").last.flatMap { $0.count == 1 ? "_\($0)" : nil } ?? ""
    return switch name {
    case "embeddings": "W"
    case "alpha": "alphas"
    case "kernel_carry": "W_carry"
    case "bias_carry": "b_carry"
    case "moving_mean": "running_mean"
    case "moving_variance": "running_std"
    case _ where name.hasPrefix("recurrent_kernel"): "U\(gate)"
    case _ where name.hasPrefix("kernel"): "W\(gate)"
    case _ where name.hasPrefix("bias"): "b\(gate)"
    default: name
    }
  }

  /// The name of the variable in the files of the release.
  func variable(_ weight: Weight, layer: String) -> String {
    dialect < .keras2 ? "\(layer)_\(weight.name)" : "\(layer)/\(weight.name)"
  }
}
