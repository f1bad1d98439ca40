import StrataTensor

/// Keras's `epsilon`: 1e-7, in every release for every loss.
enum Epsilon {
  static let value: Float = 1e-7
  /// 1 − ε, made in Float64 and rounded.
  static let below1 = Float(1 - 1e-7)
}

extension Tensor {
  /// Limited to `low...high`; outside, the gradient is 0.
  func limited(_ low: Float, _ high: Float) -> Tensor { clipped(Tensor(low), Tensor(high)) }

  /// `max(x, low)`; below, the gradient is 0.
  func atLeast(_ low: Float) -> Tensor { limited(low, .infinity) }

  /// Divided by the sum of the last axis.
  func normalised() -> Tensor { self / sum(axes: [-1], keepingDimensions: true) }

  /// `log softmax` over the last axis, shifted by the maximum.
  func logSoftmax() -> Tensor {
    let shifted = self - max(axes: [-1], keepingDimensions: true).detached()
    return shifted - shifted.exp().sum(axes: [-1], keepingDimensions: true).log()
  }

  /// `log(1 + eˣ)` without overflow.
  func softplus() -> Tensor {
    let isPositive = isGreaterOrEqual(to: 0)
    let size = Tensor.select(isPositive, self, -self)
    return .select(isPositive, self, 0) + (-size).exp().log1p()
  }

  /// `x^exponent` for x ≥ 0; small whole exponents are products.
  func raised(to exponent: Float) -> Tensor {
    switch exponent {
    case 1: self
    case 2: square()
    default: power(Tensor(exponent))
    }
  }

  /// `t·(1 − amount) + amount/classes`.
  func smoothed(_ amount: Float, classes: Int) -> Tensor {
    amount == 0 ? self : self * (1 - amount) + amount / Float(classes)
  }

  /// 1 at the class number and 0 elsewhere, along a new last axis.
  func oneHot(classes: Int) -> Tensor {
    let numbers = Tensor((0..<classes).map(Float.init), shape: [classes])
    return reshaped(Shape(shape.dimensions + [1])).isEqual(to: numbers)
  }
}
