import StrataCore
import StrataTensor

/// The custom layer of the recorded files, as a plug-in would add it: `y = x·scale·factor + shift`.
///
///     x [batch, …, n]    scale, shift [n]    y [batch, …, n]
struct ScaleShift: Layer {
  static let name = "ScaleShift"

  var factor: Float

  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let size = Shape([try single(inputs).last])
    return [ParameterSpec("scale", size, .ones), ParameterSpec("shift", size, .zeros)]
  }

  func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0] * context["scale"] * factor + context["shift"]
  }
}
