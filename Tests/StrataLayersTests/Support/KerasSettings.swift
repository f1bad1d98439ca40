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
    let own = Registry<any Layer.Type>.builtIn[name]?.name
    guard let sample = samples.first(where: { type(of: $0.layer).name == own }) else {
      throw TraceSkipped(reason: "no layer \(name)")
    }
    var settings: [String: Any] = [:]
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
    "recurrentActivation", "resetAfter", "gateLayout", "gateDropout", "maxValue",
  ]
  nonisolated(unsafe) private static let plain: [String: Any] = [
    "dropout": 0, "recurrentDropout": 0, "goBackwards": false, "returnSequences": false,
    "useBias": true, "center": true, "scale": true, "mode": 0, "axis": -1, "maskZero": false,
    "dataFormat": "channels_last", "normalize": false,
  ]

  private static func ignored(_ key: String) -> Bool {
    ["_initializer", "_regularizer", "_constraint"].contains { key.hasSuffix($0) }
      || ["init", "inner_init", "trainable", "dtype", "name"].contains(key)
  }

  private static func rename(_ key: String, _ layer: String) -> String {
    switch (key, layer) {
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
    if key == "axis", let axes = value as? [Int], let axis = axes.first { return axis }
    if key == "axes", let axis = value as? Int { return [axis, axis] }
    return value
  }

  private static func camelCase(_ key: String) -> String {
    if key == "alpha" { return key }
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
