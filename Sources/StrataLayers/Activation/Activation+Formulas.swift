public import StrataTensor

extension Activation {
  /// The function of every element; of every row of the last axis for softmax and its kin.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .linear: x
    case .relu: x.relu()
    case .reluByHalves: Formulas.positive(x)
    case .sigmoid: x.sigmoid()
    case .tanh: x.tanh()
    case .softmax: Formulas.softmax(x, axis: -1)
    case .softplus: Formulas.softplus(x)
    case .softsign: x / (1 + x.abs())
    case .exponential: x.exp()
    case .hardSigmoid: (x / 6 + 0.5).clipped(0, 1)
    case .hardSigmoidByFifths: (0.2 * x + 0.5).clipped(0, 1)
    case .elu, .celu: Formulas.elu(x)
    case .selu: 1.050_700_987_355_480_5 * Formulas.elu(x, alpha: 1.673_263_242_354_377_2)
    case .swish, .silu: x * x.sigmoid()
    case .gelu: 0.5 * x * (1 + (x * 0.707_106_781_186_547_5).erf())
    case .leakyRelu: Formulas.leakyRelu(x, slope: 0.2)
    case .relu6: Formulas.inside(x, x, low: 0, high: 6, below: 0, above: 6)
    default: newer(x)
    }
  }

  /// The functions that Keras 3 added.
  private func newer(_ x: Tensor) -> Tensor {
    switch self {
    case .mish: x * Formulas.softplus(x).tanh()
    case .hardSilu: x * (x / 6 + 0.5).clipped(0, 1)
    case .hardTanh: Formulas.inside(x, x, low: -1, high: 1, below: -1, above: 1)
    case .tanhShrink: x - x.tanh()
    case .softShrink:
      Tensor.select(
        x.isGreater(than: 0.5), x - 0.5, Tensor.select(x.isLess(than: -0.5), x + 0.5, 0))
    case .hardShrink: Tensor.select(x.abs().isGreater(than: 0.5), x, 0)
    case .logSigmoid: -Formulas.softplus(-x)
    case .logSoftmax:
      Formulas.shifted(x, axis: -1)
        - Formulas.shifted(x, axis: -1).exp().sum(axes: [-1], keepingDimensions: true).log()
    case .sparsePlus:
      Formulas.inside(x, 0.25 * (x + 1).square(), low: -1, high: 1, below: 0, above: x)
    case .sparseSigmoid: Formulas.inside(x, 0.5 * (x + 1), low: -1, high: 1, below: 0, above: 1)
    case .sparsemax: Formulas.sparsemax(x)
    case .glu:
      x.slice(axis: -1, 0..<(x.shape.last / 2))
        * x.slice(axis: -1, (x.shape.last / 2)..<(x.shape.last / 2 * 2)).sigmoid()
    case .squareplus: 0.5 * (x + (x.square() + 4).squareRoot())
    default: x
    }
  }
}

/// The formulas of activations with settings.
enum Formulas {
  /// `exp(x - max) / Σ exp(x - max)` along an axis; the maximum is a constant of differentiation.
  static func softmax(_ x: Tensor, axis: Int) -> Tensor {
    let e = shifted(x, axis: axis).exp()
    return e / e.sum(axes: [axis], keepingDimensions: true)
  }

  static func shifted(_ x: Tensor, axis: Int) -> Tensor {
    x - x.detached().max(axes: [axis], keepingDimensions: true)
  }

  /// `log(1 + exp(x))` without overflow; derivative sigmoid(x), ½ at 0.
  static func softplus(_ x: Tensor) -> Tensor {
    0.5 * (x + x.abs()) + (-x.abs()).exp().log1p()
  }

  /// `x` above 0, `alpha·(exp(x) - 1)` below.
  static func elu(_ x: Tensor, alpha: Float = 1) -> Tensor {
    // The minimum keeps the branch that is not taken finite, so that its gradient is 0 and not NaN.
    Tensor.select(x.isGreater(than: 0), x, alpha * Tensor.minimum(x, 0).expm1())
  }

  static func leakyRelu(_ x: Tensor, slope: Float) -> Tensor {
    Tensor.select(x.isGreater(than: 0), x, slope * x)
  }

  /// The part above 0, `(x + |x|) / 2`.
  static func positive(_ x: Tensor) -> Tensor { 0.5 * (x + x.abs()) }

  /// The part below 0, `(x - |x|) / 2`.
  static func negative(_ x: Tensor) -> Tensor { 0.5 * (x - x.abs()) }

  /// `middle` where `low < x < high`, else the outer values.
  static func inside(
    _ x: Tensor, _ middle: Tensor, low: Float, high: Float, below: Tensor, above: Tensor
  ) -> Tensor {
    let upper = Tensor.select(x.isLess(than: Tensor(high)), middle, above)
    return Tensor.select(x.isGreater(than: Tensor(low)), upper, below)
  }

  /// `max(x - τ, 0)` as Keras has it: `τ = (Σᵢ sᵢ - 1) / n` over the n elements of the support.
  ///
  /// sᵢ is the sum of the kᵢ elements not below xᵢ, the support `{i : 1 + kᵢ·xᵢ > sᵢ}`. The paper's τ
  /// has the sum of the support in place of `Σ sᵢ`; with more than one element, Keras's rows do not
  /// sum to 1.
  static func sparsemax(_ x: Tensor) -> Tensor {
    let column = x.reshaped(Shape(x.shape.dimensions + [1]))
    let row = x.reshaped(Shape(x.shape.dimensions.dropLast() + [1, x.shape.last]))
    let notBelow = row.detached().isGreaterOrEqual(to: column.detached())
    let (k, sums) = (notBelow.sum(axes: [-1]), (notBelow * row).sum(axes: [-1]))
    let support = (1 + k * x.detached()).isGreater(than: sums.detached())
    let count = support.sum(axes: [-1], keepingDimensions: true)
    let tau = ((support * sums).sum(axes: [-1], keepingDimensions: true) - 1) / count
    return Tensor.select(x.isGreater(than: tau), x - tau, 0)
  }
}
