import StrataCore
import StrataTensor

extension Layer {
  /// The output's shape of an attention with query, value and perhaps key.
  ///
  /// - Throws: `LayerError` for inputs that do not fit.
  func attentionShape(_ inputs: [Shape]) throws(LayerError) -> Shape {
    guard (2...3).contains(inputs.count), inputs.allSatisfy({ $0.rank == 2 && $0.count > 0 }) else {
      throw failure("two or three inputs [time, features]", inputs.map(\.description).listed)
    }
    let key = inputs.count > 2 ? inputs[2] : inputs[1]
    guard key.last == inputs[0].last, key[0] == inputs[1][0] else {
      throw failure(
        "keys as wide as the query and as many as values", inputs.map(\.description).listed)
    }
    return inputs[0].replacingLast(with: inputs[1].last)
  }

  /// The values mixed by the softmax of `scores [batch, T, S]`.
  func attend(
    _ scores: Tensor, value: Tensor, dropout: Float, isCausal: Bool, _ context: LayerContext
  ) -> Tensor {
    let (batch, rows, columns) = (scores.shape[0], scores.shape[1], scores.shape[2])
    var visible: [Tensor] = []
    if context.masks.count > 1, let mask = context.masks[1] {
      visible.append(mask.reshaped([batch, 1, columns]))
    }
    if isCausal { visible.append(.lowerTriangle(rows, columns)) }
    let masked = visible.isEmpty ? scores : scores + (1 - visible.folded(*)) * -1e9
    var weights = Activation.softmax(masked)
    if context.isTraining, dropout > 0 {
      let kept = context.random(.bernoulli(keep: 1 - dropout), shape: weights.shape)
      weights = weights * (kept / (1 - dropout))
    }
    let y = weights.matmul(value)
    guard let mask = context.masks.first ?? nil else { return y }
    return y * mask.reshaped([batch, rows, 1])
  }
}

extension Tensor {
  /// 1 on and below the diagonal: `[1, rows, columns]`.
  static func lowerTriangle(_ rows: Int, _ columns: Int) -> Tensor {
    Tensor(
      (0..<(rows * columns)).map { Float($0 / columns >= $0 % columns ? 1 : 0) },
      shape: [1, rows, columns])
  }

  /// `[batch, T, S, d]`: the sum of each step with each step of the other.
  func sumOfPairs(with other: Tensor) -> Tensor {
    reshaped([shape[0], shape[1], 1, shape[2]])
      + other.reshaped([other.shape[0], 1, other.shape[1], other.shape[2]])
  }
}
