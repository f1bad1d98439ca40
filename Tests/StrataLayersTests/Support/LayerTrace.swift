import Foundation
import StrataCore
import StrataHDF5
import StrataLayers
import StrataSemantics
import StrataTensor

/// A recorded run of one layer (or a few in a row) of a real release, in either format of the traces.
struct LayerTrace {
  /// What was recorded in one mode.
  struct Phase {
    var isTraining: Bool
    var output: Tensor?
    /// The gradients of `Σ output·weights` by argument: `input0`, `0/kernel`.
    var gradients: [String: Tensor] = [:]
    /// Statistics after one training step, by argument.
    var updates: [String: Tensor] = [:]
  }

  var name: String
  var semantics: Semantics
  var layers: [any Layer]
  var inputs: [Tensor]
  var weights: [String: Tensor]
  /// The fixed weights of the loss.
  var lossWeights: Tensor
  var phases: [Phase]
  var mask: Tensor?
}

/// Why a trace is not run.
struct TraceSkipped: Error {
  var reason: String
}

extension LayerTrace {
  /// Reads a trace.
  ///
  /// - Throws: `TraceSkipped` for layers that do not exist here; `HDF5Error`; decoding errors.
  init(path: String) throws {
    let file = try HDF5File.open(path)
    let source = Source(root: file.root)
    let text = try file.root.attributes.string("meta")
      .replacing(": NaN", with: ": null").replacing(": Infinity", with: ": null")
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8))
    guard let meta = json as? [String: Any] else { throw TraceSkipped(reason: "no meta") }
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    if meta["keras"] is String {
      try self.init(old: source, meta, name)
    } else {
      try self.init(new: source, meta, name)
    }
  }

  /// Datasets of a trace as tensors.
  struct Source {
    var root: HDF5Group

    func tensor(_ path: String) throws -> Tensor? {
      guard try root.exists(path) else { return nil }
      let dataset = try root.dataset(path)
      let shape = Shape(dataset.shape)
      if case .integer = dataset.dataType {
        return Tensor(try dataset.read(as: Int32.self), shape: shape)
      }
      return Tensor(try dataset.read(as: Float.self), shape: shape)
    }

    func required(_ path: String) throws -> Tensor {
      guard let tensor = try tensor(path) else { throw TraceSkipped(reason: "no \(path)") }
      return tensor
    }

    /// The tensors `pattern` with 0, 1, … in place of `#`, as long as there are any.
    func all(_ pattern: String) throws -> [Tensor] {
      var tensors: [Tensor] = []
      while let tensor = try tensor(pattern.replacing("#", with: "\(tensors.count)")) {
        tensors.append(tensor)
      }
      return tensors
    }
  }
}

// MARK: - Keras 0 and 1

extension LayerTrace {
  private init(old source: Source, _ meta: [String: Any], _ name: String) throws {
    guard let release = (meta["keras"] as? String).flatMap(Version.init(parsing:)),
      let theano = (meta["theano"] as? String).flatMap(Version.init(parsing:)),
      let classes = meta["layers"] as? [String], let table = meta["weights"] as? [[String: Any]]
    else { throw TraceSkipped(reason: "incomplete meta") }
    self.name = name
    semantics = .keras(release, backend: .theano(theano))
    inputs = try source.all("input/#")
    lossWeights = try source.required("R")
    // Cropping2D of 1.2.0 leaves nothing where the crop at the end is 0.
    if lossWeights.shape.count == 0 { throw TraceSkipped(reason: "an empty output") }
    if var configs = meta["config"] as? [[String: Any]] {
      // Some releases leave the order of the axes out of the config.
      if name.contains("_th"), configs[0]["dim_ordering"] == nil {
        configs[0]["dim_ordering"] = "th"
      }
      let semantics = semantics
      layers = try zip(classes, configs).map {
        try KerasSettings.layer($0, $1, isKeras1: true, semantics)
      }
    } else {
      layers = [try KerasSettings.merge(case: name, semantics)]
    }
    weights = [:]
    phases = []
    var arguments: [(key: String, dataset: String)] = inputs.indices.map {
      ("input\($0)", "input/\($0)")
    }
    for (index, entry) in table.enumerated() {
      let layer = entry["layer_index"] as? Int ?? 0
      let variable = entry["variable"] as? String ?? ""
      var role = entry["role"] as? String ?? ""
      // Inside of a wrapper roles are numbers; the variable is `forward_lstm_1_W_i`.
      if Int(role) != nil {
        role = variable.split(separator: "_").dropFirst(3).joined(separator: "_")
      }
      let owner = Self.owner(layers[layer], of: variable)
      let key = "\(layer)/\(owner.prefix)\(KerasSettings.parameter(role, of: owner.name))"
      let dataset = String(format: "weights/%02d", index)
      weights[key] = try source.required(dataset)
      arguments.append((key, dataset))
    }
    for mode in ["test", "train"] {
      var phase = Phase(isTraining: mode == "train", output: try source.tensor("output_\(mode)"))
      for (key, dataset) in arguments {
        phase.gradients[key] = try source.tensor("grad_\(mode)/\(dataset)")
        if phase.isTraining { phase.updates[key] = try source.tensor("updated/\(dataset)") }
      }
      if phase.output != nil { phases.append(phase) }
    }
  }
}

// MARK: - Keras 2 and later

extension LayerTrace {
  private init(new source: Source, _ meta: [String: Any], _ name: String) throws {
    guard let release = (meta["version"] as? String).flatMap(Version.init(parsing:)),
      let layer = meta["layer"] as? String, let config = meta["config"] as? [String: Any],
      let table = meta["weights"] as? [[String: Any]]
    else { throw TraceSkipped(reason: "incomplete meta") }
    guard meta["outputs"] as? Int == 1 else { throw TraceSkipped(reason: "several outputs") }
    self.name = name
    semantics = meta["framework"] as? String == "tf.keras" ? .tfKeras(release) : .keras(release)
    inputs = try source.all("x#")
    lossWeights = try source.required("R0")
    mask = try source.tensor("mask")
    let own = try KerasSettings.layer(layer, config, isKeras1: false, semantics)
    let isMasked = meta["masked"] as? Bool == true
    layers = isMasked ? [Masking(), own] : [own]
    weights = [:]
    phases = []
    var arguments: [(key: String, dataset: String)] = inputs.indices.map {
      ("input\($0)", "x\($0)")
    }
    for entry in table {
      let dataset = entry["dataset"] as? String ?? ""
      let name = entry["name"] as? String ?? ""
      let last = (name.split(separator: "/").last ?? "").split(separator: ":").first ?? ""
      var prefix = Self.owner(own, of: name).prefix
      // Keras 3 says kernel.
      if layer.hasPrefix("Depthwise"), last == "kernel" { prefix = "depthwise_" }
      let key = "\(layers.count - 1)/\(prefix)\(last)"
      weights[key] = try source.required(dataset)
      arguments.append((key, dataset))
    }
    for (suffix, isTraining) in [("", false), ("_train", true)] {
      var phase = Phase(isTraining: isTraining, output: try source.tensor("y\(suffix)0"))
      for (key, dataset) in arguments {
        phase.gradients[key] = try source.tensor("grad\(suffix).\(dataset)")
        let after = dataset.replacing("weights.", with: "weights_after_train.")
        if isTraining, after != dataset { phase.updates[key] = try source.tensor(after) }
      }
      if phase.output != nil { phases.append(phase) }
    }
  }
}

extension LayerTrace {
  /// The layer that a variable belongs to, and what a wrapper puts before its name.
  private static func owner(
    _ layer: any Layer, of variable: String
  ) -> (prefix: String, name: String) {
    switch layer {
    case let both as Bidirectional:
      (
        variable.contains("backward_") ? "backward_" : "forward_", type(of: both.layer).name
      )
    case let each as TimeDistributed: ("", type(of: each.layer).name)
    default: ("", type(of: layer).name)
    }
  }
}

// MARK: - Comparison

extension LayerTrace {
  /// The largest difference of each recorded tensor, as a fraction of its largest value.
  func errors() throws -> [(what: String, error: Float)] {
    var result: [(what: String, error: Float)] = []
    for phase in phases {
      let mode = phase.isTraining ? "train" : "test"
      let chain = try LayerChain(
        layers, inputs: inputs, weights: weights, isTraining: phase.isTraining)
      let gradients = chain.gradients(of: lossWeights).gradients
      var pairs: [(String, Tensor, Tensor)] = []
      if let output = phase.output { pairs.append(("\(mode) output", output, chain.output)) }
      for (variable, gradient) in zip(chain.variables, gradients) {
        guard let expected = phase.gradients[variable.name] else { continue }
        pairs.append(("\(mode) gradient of \(variable.name)", expected, gradient))
      }
      for update in chain.updates {
        guard let expected = phase.updates[update.name] else { continue }
        pairs.append(("updated \(update.name)", expected, update.value))
      }
      if !phase.isTraining, let mask, let own = chain.mask {
        pairs.append(("mask", mask.asFloat32(), own))
      }
      let values = try chain.native(pairs.map(\.2))
      for (pair, value) in zip(pairs, values) {
        result.append((pair.0, Self.error(value, expected: try pair.1.floats())))
      }
    }
    return result
  }

  static func error(_ values: [Float], expected: [Float]) -> Float {
    guard values.count == expected.count else { return .infinity }
    let largest = max(expected.map(\.magnitude).max() ?? 0, 1e-6)
    let differences = zip(values, expected).map { ($0 - $1).magnitude / largest }
    return differences.allSatisfy(\.isFinite) ? differences.max() ?? 0 : .infinity
  }
}
