internal import CStrataKernels

/// An elementwise function of one operand.
package enum UnaryFunction: String, Sendable, Hashable, CaseIterable, Operation {
  case negate, abs, sign, squareRoot, exp, log, log1p, expm1, tanh, sigmoid, erf, sin, cos
  case floor, rint, relu

  package var name: String { rawValue }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands[0].element == .float32 else { throw fail("float32", operands) }
    return operands[0]
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (x, y, g) = (site.operands[0], site.result, site.upstream)
    return switch self {
    case .negate: [-g]
    case .abs: [g * x.sign()]
    case .sign, .floor, .rint: [nil]
    case .squareRoot: [g * 0.5 / y]
    case .exp: [g * y]
    case .log: [g / x]
    case .log1p: [g / (1 + x)]
    case .expm1: [g * (y + 1)]
    case .tanh: [g * (1 - y * y)]
    case .sigmoid: [g * (y * (1 - y))]
    case .erf: [g * (1.128_379_2 * (-(x * x)).exp())]
    case .sin: [g * x.cos()]
    case .cos: [-(g * x.sin())]
    case .relu: [Tensor.select(y.isGreater(than: 0), g, 0)]
    }
  }

  func apply<S: Scalar>(_ x: S) -> S {
    switch self {
    case .negate: -x
    case .abs: x.magnitude
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .squareRoot: x.squareRoot()
    case .exp: .exp(x)
    case .log: .log(x)
    case .log1p: .log1p(x)
    case .expm1: .expm1(x)
    case .tanh: .tanh(x)
    case .sigmoid: .sigmoid(x)
    case .erf: .erf(x)
    case .sin: .sin(x)
    case .cos: .cos(x)
    case .floor: x.rounded(.down)
    case .rint: x.rounded(.toNearestOrEven)
    case .relu: x > 0 ? x : 0
    }
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    .real(operands[0].reals.map(apply))
  }

  var microOperation: strata_micro_op {
    switch self {
    case .negate: STRATA_EW_NEG
    case .abs: STRATA_EW_ABS
    case .sign: STRATA_EW_SIGN
    case .squareRoot: STRATA_EW_SQRT
    case .exp: STRATA_EW_EXP
    case .log: STRATA_EW_LOG
    case .log1p: STRATA_EW_LOG1P
    case .expm1: STRATA_EW_EXPM1
    case .tanh: STRATA_EW_TANH
    case .sigmoid: STRATA_EW_SIGMOID
    case .erf: STRATA_EW_ERF
    case .sin: STRATA_EW_SIN
    case .cos: STRATA_EW_COS
    case .floor: STRATA_EW_FLOOR
    case .rint: STRATA_EW_RINT
    case .relu: STRATA_EW_RELU
    }
  }
}

extension UnaryFunction: ElementwiseOperation {
  package var microOperationCode: Int32 { Int32(microOperation.rawValue) }
}

extension Tensor {
  public static prefix func - (x: Tensor) -> Tensor { .apply(UnaryFunction.negate, [x]) }
  public func abs() -> Tensor { .apply(UnaryFunction.abs, [self]) }
  public func sign() -> Tensor { .apply(UnaryFunction.sign, [self]) }
  public func squareRoot() -> Tensor { .apply(UnaryFunction.squareRoot, [self]) }
  public func exp() -> Tensor { .apply(UnaryFunction.exp, [self]) }
  public func log() -> Tensor { .apply(UnaryFunction.log, [self]) }
  /// `log(1 + x)`, accurate near 0.
  public func log1p() -> Tensor { .apply(UnaryFunction.log1p, [self]) }
  /// `exp(x) - 1`, accurate near 0.
  public func expm1() -> Tensor { .apply(UnaryFunction.expm1, [self]) }
  public func tanh() -> Tensor { .apply(UnaryFunction.tanh, [self]) }
  /// `1 / (1 + exp(-x))`.
  public func sigmoid() -> Tensor { .apply(UnaryFunction.sigmoid, [self]) }
  public func erf() -> Tensor { .apply(UnaryFunction.erf, [self]) }
  public func sin() -> Tensor { .apply(UnaryFunction.sin, [self]) }
  public func cos() -> Tensor { .apply(UnaryFunction.cos, [self]) }
  public func floor() -> Tensor { .apply(UnaryFunction.floor, [self]) }
  /// The nearest integer, ties to even.
  public func rounded() -> Tensor { .apply(UnaryFunction.rint, [self]) }
  /// `x > 0 ? x : 0`; its gradient passes where the result is positive.
  public func relu() -> Tensor { .apply(UnaryFunction.relu, [self]) }
  public func square() -> Tensor { self * self }
}
