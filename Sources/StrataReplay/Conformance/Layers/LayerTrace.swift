import Foundation
internal import StrataCore
internal import StrataHDF5
internal import StrataKeras
internal import StrataLayers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// A recorded layer (or a few in a row) with its inputs and weights, in either of the two layouts.
struct LayerTrace {
  let trace: TraceFile
  /// Resolved.
  let layers: [any Layer]
  let inputs: [Tensor]
  /// By layer and parameter: `0/kernel`.
  let weights: [String: Tensor]
  /// The datasets of inputs (`input0`) and weights.
  let datasets: [String: String]

  init(_ trace: TraceFile, _ registry: Registry<any Layer.Type>) throws {
    self.trace = trace
    let semantics = try trace.semantics()
    let inputNames = Self.names(trace.isFlat ? "x#" : "input/#", in: trace)
    inputs = try inputNames.map(trace.operand)
    let described = try Self.layers(trace, registry, semantics)
    let model = try Model(
      Self.architecture(described, inputs), semantics: semantics, seed: 1,
      initializesWeights: false)
    layers = model.architecture.nodes.map(\.layer)
    let weightNames = trace.datasets.filter {
      $0.hasPrefix(trace.isFlat ? "weights." : "weights/")
    }.sorted()
    let order = model.parameterOrder(of: semantics)
    guard order.count == weightNames.count else {
      throw Unrunnable(reason: "\(weightNames.count) weights, where there are \(order.count) here")
    }
    var weights: [String: Tensor] = [:]
    var datasets = Dictionary(
      uniqueKeysWithValues: inputNames.enumerated().map { ("input\($0)", $1) })
    for (name, position) in zip(weightNames, order) {
      let parameter = model.parameters[position]
      let value = try trace.operand(name)
      guard value.shape == parameter.spec.shape else {
        throw Unrunnable(
          reason: "\(name) of \(value.shape), where \(parameter.path) is \(parameter.spec.shape)")
      }
      let key = "\(parameter.node)/\(parameter.spec.name)"
      weights[key] = value
      datasets[key] = name
    }
    self.weights = weights
    self.datasets = datasets
  }

  // MARK: Names

  var lossWeights: String { trace.isFlat ? "R0" : "R" }

  /// The numbers of the outputs after the first.
  var furtherOutputs: [Int] {
    (1..<max(trace.meta["outputs"]?.integer ?? 1, 1)).filter { trace.datasets.contains("R\($0)") }
  }

  func output(_ isTraining: Bool, _ number: Int) -> String {
    "\(isTraining ? "y_train" : "y")\(number)"
  }

  func output(_ isTraining: Bool) -> String {
    trace.isFlat
      ? isTraining ? "y_train0" : "y0" : isTraining ? "output_train" : "output_test"
  }

  /// The recorded gradient of an input or weight, if there is one.
  func gradientDataset(of name: String, _ isTraining: Bool) -> String? {
    guard let dataset = datasets[name] else { return nil }
    let folder =
      trace.isFlat
      ? isTraining ? "grad_train." : "grad." : isTraining ? "grad_train/" : "grad_test/"
    return trace.datasets.contains(folder + dataset) ? folder + dataset : nil
  }

  /// The recorded value of a weight after one training step, if there is one.
  func updateDataset(of name: String) -> String? {
    guard let dataset = datasets[name], dataset.hasPrefix("weights") else { return nil }
    let after =
      trace.isFlat
      ? dataset.replacing("weights.", with: "weights_after_train.") : "updated/" + dataset
    return trace.datasets.contains(after) ? after : nil
  }

  /// The datasets `pattern` with 0, 1, … in place of `#`, as long as there are any.
  private static func names(_ pattern: String, in trace: TraceFile) -> [String] {
    var names: [String] = []
    while trace.datasets.contains(pattern.replacing("#", with: "\(names.count)")) {
      names.append(pattern.replacing("#", with: "\(names.count)"))
    }
    return names
  }

  // MARK: Layers

  /// The layers in a row; the first takes all inputs.
  private static func architecture(_ layers: [any Layer], _ inputs: [Tensor]) -> Architecture {
    let calls = layers.indices.map { index in
      Architecture.Call(
        node: index, inputs: index == 0 ? inputs.indices.map { .input($0) } : [.call(index - 1)])
    }
    return Architecture(
      form: .graph, inputs: inputs.map { .init($0.shape.droppingFirst()) },
      nodes: layers.map { .init($0) }, calls: calls, outputs: [.call(layers.count - 1)])
  }

  private static func layers(
    _ trace: TraceFile, _ registry: Registry<any Layer.Type>, _ semantics: Semantics
  ) throws -> [any Layer] {
    let read = { (name: String, config: JSONObject) in
      try KerasLayer.read(name, config, of: semantics, registry: registry).layer
    }
    guard trace.isFlat else {
      let classes = trace.meta["layers"]?.elements.compactMap(\.text) ?? []
      let configs = trace.meta["config"]?.elements.compactMap(\.object) ?? []
      if configs.isEmpty { return [try read("Merge", try mergeConfig(trace.name))] }
      guard classes.count == configs.count else {
        throw Unrunnable(reason: "\(classes.count) layers, \(configs.count) configurations")
      }
      return try zip(classes, configs).map { ordered(try read($0, $1), $1, trace.name) }
    }
    let layer = try read(
      trace.meta["layer"]?.text ?? "", trace.meta["config"]?.object ?? [:])
    return trace.meta["masked"]?.flag == true ? [Masking(), layer] : [layer]
  }

  /// Some releases leave the order of the axes out of a configuration; the name of the case has it.
  private static func ordered(
    _ layer: any Layer, _ config: JSONObject, _ name: String
  ) -> any Layer {
    guard config["dim_ordering"] == nil, name.hasSuffix("2d_th") else { return layer }
    switch layer {
    case var layer as UpSampling2D:
      layer.dataFormat = .channelsFirst
      return layer
    case var layer as ZeroPadding2D:
      layer.dataFormat = .channelsFirst
      return layer
    case var layer as Cropping2D:
      layer.dataFormat = .channelsFirst
      return layer
    default: return layer
    }
  }

  /// The configuration of a Merge, which the older traces do not hold: `merge_concat_axis1`.
  private static func mergeConfig(_ name: String) throws -> JSONObject {
    let words = name.split(separator: "_").map(String.init)
    guard words.count >= 2, words[0] == "merge" else {
      throw Unrunnable(reason: "no configuration of the layer")
    }
    let axis = words.count > 2 ? words[2].last?.wholeNumberValue ?? -1 : -1
    return ["mode": .string(words[1]), "concat_axis": .integer(axis), "dot_axes": 1]
  }
}

extension TraceFile {
  /// A dataset with its own kind of numbers: class numbers stay whole.
  func operand(_ name: String) throws -> Tensor {
    let dataset = try root.dataset(name)
    if case .integer = dataset.dataType {
      return Tensor(try dataset.read(as: Int32.self), shape: Shape(dataset.shape))
    }
    return try tensor(name)
  }
}
