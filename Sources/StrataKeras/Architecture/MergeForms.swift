internal import StrataCore
internal import StrataLayers

/// The Merge of Keras 0 and 1 <-> the merging layers.
enum MergeForms {
  static func layer(_ config: JSONObject, _ name: String) throws -> any Layer {
    let mode = config["mode"]?.string ?? "\(config["mode"] ?? nil)"
    switch mode {
    case "sum": return Add()
    case "mul": return Multiply()
    case "ave": return Average()
    case "max": return Maximum()
    case "concat": return Concatenate(axis: config["concat_axis"]?.integer ?? -1)
    case "dot":
      if let axes = config["dot_axes"]?.array?.compactMap({ $0.integer ?? $0.array?.first?.integer }
      ),
        axes.count == 2
      {
        return Dot(axes: axes)
      }
      let axis = config["dot_axes"]?.integer ?? -1
      return Dot(axes: [axis, axis])
    case "cos": return Cosine()
    default:
      throw KerasFileError(
        subject: "layer \(name)", expected: "merge mode sum, mul, ave, max, concat, dot or cos",
        found: "\"\(mode)\"")
    }
  }

  /// The configuration of a Merge in Keras 1; nil for a layer that is none.
  static func config(_ layer: any Layer) -> JSONObject? {
    let mode: String
    var concatAxis = -1
    var dotAxes: JSONValue = -1
    switch layer {
    case is Add: mode = "sum"
    case is Multiply: mode = "mul"
    case is Average: mode = "ave"
    case is Maximum: mode = "max"
    case is Cosine:
      (mode, dotAxes) = ("cos", 1)
    case let layer as Concatenate:
      mode = "concat"
      concatAxis = layer.axis
    case let layer as Dot where !layer.normalize:
      mode = "dot"
      dotAxes = .array(layer.axes.map { .integer($0) })
    default: return nil
    }
    return [
      "mode": .string(mode), "mode_type": "raw", "concat_axis": .integer(concatAxis),
      "dot_axes": dotAxes, "output_shape": nil, "output_shape_type": "raw", "output_mask": nil,
      "output_mask_type": "raw", "arguments": [:],
    ]
  }
}
