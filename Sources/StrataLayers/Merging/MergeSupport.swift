import StrataCore
import StrataTensor

extension Layer {
  /// The shape of the inputs combined element by element: equal ranks, sizes equal or 1.
  ///
  /// - Throws: `LayerError` if there are fewer than two inputs, or they do not fit.
  func elementwiseShape(_ inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count >= 2 else { throw failure("two inputs or more", "\(inputs.count)") }
    var result = inputs[0]
    for input in inputs.dropFirst() {
      guard input.rank == result.rank, let shape = result.broadcast(with: input) else {
        throw failure("inputs of matching shapes", inputs.map(\.description).listed)
      }
      result = shape
    }
    return result
  }

  /// Present where all inputs that come with a mask are present; nil if none does.
  func commonMask(_ context: LayerContext) -> Tensor? {
    let masks = context.masks.compactMap(\.self)
    return masks.isEmpty ? nil : masks.folded(*)
  }
}

extension [String] {
  /// The texts as a list in a sentence: `a, b and c`.
  var listed: String {
    count < 2
      ? joined() : dropLast().joined(separator: ", ") + " and " + (last ?? "")
  }
}

extension [Tensor] {
  /// The tensors combined from the first to the last.
  func folded(_ combine: (Tensor, Tensor) -> Tensor) -> Tensor {
    dropFirst().reduce(first ?? 0, combine)
  }
}
