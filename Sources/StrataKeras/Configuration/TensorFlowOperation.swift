internal import StrataCore
internal import StrataLayers

/// Single operations of TensorFlow in files of tf.keras 2.0 to 2.3, where a layer does the same.
enum TensorFlowOperation {
  /// - Throws: `KerasFileError` for an operation that no layer stands for.
  static func layer(_ config: JSONObject, _ name: String, _ notes: NoteList) throws -> any Layer {
    let operation = config["node_def"]?["op"]?.string ?? "none"
    let constant = config["constants"]?["1"]
    let numbers = constant?.array?.compactMap(\.integer)
    let number = constant?.double.map { Float($0) }
    notes.add(.mapped, "layer \(name)", "the operation \(operation) is a layer here")
    switch (operation, numbers, number) {
    case ("Transpose", let axes?, _) where axes.first == 0:
      return Permute(dims: Array(axes.dropFirst()))
    case ("Reshape", let sizes?, _) where sizes.first == -1:
      return Reshape(targetShape: Array(sizes.dropFirst()))
    case ("Mul", _, let factor?): return Rescaling(scale: factor)
    case ("RealDiv", _, let divisor?): return Rescaling(scale: 1 / divisor)
    case ("AddV2", _, let offset?), ("Add", _, let offset?):
      return Rescaling(scale: 1, offset: offset)
    case ("Sub", _, let offset?): return Rescaling(scale: 1, offset: -offset)
    case ("Relu", _, _): return ActivationLayer(activation: .relu)
    case ("Relu6", _, _): return ActivationLayer(activation: .relu6)
    case ("Sigmoid", _, _): return ActivationLayer(activation: .sigmoid)
    case ("Tanh", _, _): return ActivationLayer(activation: .tanh)
    case ("Softmax", _, _): return ActivationLayer(activation: .softmax)
    case ("Identity", _, _): return Identity()
    default:
      throw KerasFileError(
        subject: "layer \(name)", expected: "an operation of TensorFlow that a layer stands for",
        found: operation)
    }
  }
}
