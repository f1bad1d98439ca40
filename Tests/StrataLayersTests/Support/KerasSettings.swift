import Foundation
import StrataCore
import StrataLayers
import StrataSemantics

/// Just enough of a config reader for the traces: settings that a forward pass depends on.
enum KerasSettings {
  /// The layer of a Keras config, resolved.
  static func layer(
    _ name: String, _ config: [String: Any], isKeras1: Bool, _ semantics: Semantics
  ) throws -> any Layer {
    if let inner = config["layer"] as? [String: Any] {
      return try wrapper(name, inner, config, isKeras1: isKeras1, semantics)
    }
    let own = Registry<any Layer.Type>.builtIn[name]?.name
    guard let sample = samples.first(where: { type(of: $0.layer).name == own }) else {
      throw TraceSkipped(reason: "no layer \(name)")
    }
    var settings: [String: Any] = [:]
    var config = config
    if let rows = config["nb_row"], let columns = config["nb_col"] {
      config["kernel_size"] = [rows, columns]
    }
    for (key, value) in config where !(value is NSNull) {
      let new = isKeras1 || key == "alpha" ? rename(key, name) : key
      guard !ignored(new) else { continue }
      settings[camelCase(new)] = adapted(value, new, name)
    }
    if isKeras1, config["consume_less"] as? String == "gpu" { settings["gateLayout"] = "fused" }
    var layer = try build(sample.layer, settings)
    layer.resolve(under: semantics)
    return layer
  }

  private static func wrapper(
    _ name: String, _ inner: [String: Any], _ config: [String: Any], isKeras1: Bool,
    _ semantics: Semantics
  ) throws -> any Layer {
    let kind = inner["class_name"] as? String ?? inner["name"] as? String ?? ""
    let layer = try layer(
      kind, inner["config"] as? [String: Any] ?? inner, isKeras1: isKeras1, semantics)
    var result: any Layer = TimeDistributed(layer: layer)
    if name == "Bidirectional", let layer = layer as? any RecurrentLayer {
      let mode = (config["merge_mode"] as? String).flatMap(Bidirectional.MergeMode.init)
      result = Bidirectional(layer: layer, mergeMode: mode ?? .concatenate)
    }
    result.resolve(under: semantics)
    return result
  }

  /// A layer of the type of `pattern` whose settings are the given ones, else the defaults.
  private static func build<L: Layer>(_ pattern: L, _ settings: [String: Any]) throws -> any Layer {
    let data = try JSONEncoder().encode(pattern)
    guard var all = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw TraceSkipped(reason: "no settings")
    }
    // What the pattern sets beyond the required settings is not the trace's.
    for key in optional { all[key] = nil }
    for (key, value) in plain where all[key] != nil { all[key] = value }
    all.merge(settings) { $1 }
    return try JSONDecoder().decode(
      L.self, from: try JSONSerialization.data(withJSONObject: all))
  }

  private static let optional = [
    "kernelRegularizer", "kernelConstraint", "sharedAxes", "momentum", "epsilon", "formula",
    "recurrentActivation", "resetAfter", "gateLayout", "gateDropout", "maxValue", "strides",
    "form", "outputPadding", "grid",
  ]
  nonisolated(unsafe) private static let plain: [String: Any] = [
    "dropout": 0, "recurrentDropout": 0, "goBackwards": false, "returnSequences": false,
    "useBias": true, "center": true, "scale": true, "mode": 0, "axis": -1, "maskZero": false,
    "dataFormat": "channels_last", "normalize": false, "groups": 1, "keepsDimensions": false,
    "rmsScaling": false, "interpolation": "nearest", "depthMultiplier": 1,
  ]

  private static func ignored(_ key: String) -> Bool {
    ["_initializer", "_regularizer", "_constraint"].contains { key.hasSuffix($0) }
      || ["init", "inner_init", "trainable", "dtype", "name"].contains(key)
  }

  private static func rename(_ key: String, _ layer: String) -> String {
    switch (key, layer) {
    case ("nb_filter", _): "filters"
    case ("filter_length", _): "kernel_size"
    case ("border_mode", _): "padding"
    case ("subsample", _), ("subsample_length", _), ("stride", _): "strides"
    case ("atrous_rate", _): "dilation_rate"
    case ("pool_length", _): "pool_size"
    case ("dim_ordering", _): "data_format"
    case ("length", "UpSampling1D"): "size"
    case ("output_dim", "Embedding"): key
    case ("output_dim", _): "units"
    case ("inner_activation", _): "recurrent_activation"
    case ("bias", _): "use_bias"
    case ("p", _): "rate"
    case ("sigma", _): "stddev"
    case ("dims", "Reshape"): "target_shape"
    case ("alpha", "LeakyReLU"): "negative_slope"
    case ("dropout_W", _): "dropout"
    case ("dropout_U", _): "recurrent_dropout"
    default: key
    }
  }

  private static func adapted(_ value: Any, _ key: String, _ layer: String) -> Any {
    if key == "data_format", let order = value as? String {
      return ["th": "channels_first", "tf": "channels_last"][order] ?? order
    }
    let lists = ["kernel_size", "strides", "dilation_rate", "pool_size"]
    if lists.contains(key), value is Int { return [value] }
    if key == "cropping" || key == "padding", !(value is String) {
      return borders(value, isLine: layer.hasSuffix("1D"))
    }
    if key == "axis", layer == "LayerNormalization" { return value is Int ? [value] : value }
    if key == "axis", let axes = value as? [Int], let axis = axes.first { return axis }
    if key == "axes", let axis = value as? Int { return [axis, axis] }
    return value
  }

  /// `1`, `[1, 2]`, `[[1, 1], [2, 2]]`, `[1, 1, 2, 2]` as pairs; of a sequence as one pair.
  private static func borders(_ value: Any, isLine: Bool) -> Any {
    let numbers = value as? [Int] ?? (value as? Int).map { [$0, $0] } ?? []
    if numbers.isEmpty { return value }
    if isLine { return numbers.count == 1 ? [numbers[0], numbers[0]] : numbers }
    return numbers.count == 4
      ? [[numbers[0], numbers[1]], [numbers[2], numbers[3]]]
      : numbers.map { [$0, $0] }
  }

  private static func camelCase(_ key: String) -> String {
    if key == "alpha" { return key }
    if key == "keepdims" { return "keepsDimensions" }
    let words = key.split(separator: "_")
    return (words.first.map(String.init) ?? "")
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// Our parameter of a role in a table of Keras 0 or 1.
  static func parameter(_ role: String, of layer: String) -> String {
    let (letter, gate) = (role.split(separator: "_").first ?? "", role.dropFirst(1))
    return switch (letter, layer) {
    case ("W", "Embedding"): "embeddings"
    case ("W", _): "kernel\(gate)"
    case ("U", _): "recurrent_kernel\(gate)"
    case ("b", _): "bias\(gate)"
    case ("running", _): role == "running_mean" ? "moving_mean" : "moving_variance"
    case ("alphas", _): "alpha"
    default: role
    }
  }

  /// The layer that Keras 0's and 1's Merge is, by the name of the trace.
  static func merge(case name: String, _ semantics: Semantics) throws -> any Layer {
    switch name {
    case "merge_sum": Add()
    case "merge_mul": Multiply()
    case "merge_ave": Average()
    case "merge_max": Maximum()
    case "merge_concat": Concatenate()
    case "merge_concat_axis1": Concatenate(axis: 1)
    case "merge_dot": Dot(axes: [1, 1])
    default: throw TraceSkipped(reason: "no merge \(name)")
    }
  }
}
