internal import CStrataKernels

/// An elementwise function of two operands, broadcast as NumPy does.
package enum BinaryFunction: String, Sendable, Hashable, CaseIterable, Operation {
  case add, subtract, multiply, divide, maximum, minimum, power
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual

  package var name: String { rawValue }

  package func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    guard operands.allSatisfy({ $0.element == .float32 }) else {
      throw fail("float32 operands", operands)
    }
    guard let shape = operands[0].shape.broadcast(with: operands[1].shape) else {
      throw fail("shapes that broadcast", operands)
    }
    return TensorType(shape)
  }

  package func derivative(_ site: DerivativeSite) -> [Tensor?] {
    let (a, b) = (site.operands[0], site.operands[1])
    let (left, right) = partials(a, b, site)
    return [
      site.isNeeded[0] ? left()?.summed(to: a.shape) : nil,
      site.isNeeded[1] ? right()?.summed(to: b.shape) : nil,
    ]
  }

  private typealias Partial = () -> Tensor?

  /// Where the operands of `maximum` and `minimum` are equal, both get the whole gradient, as in
  /// Theano; losses and activations that a release defines otherwise are spelt with `select`.
  private func partials(_ a: Tensor, _ b: Tensor, _ site: DerivativeSite) -> (Partial, Partial) {
    let (y, g) = (site.result, site.upstream)
    return switch self {
    case .add: ({ g }, { g })
    case .subtract: ({ g }, { -g })
    case .multiply: ({ g * b }, { g * a })
    case .divide: ({ g / b }, { -(g * y / b) })
    case .maximum, .minimum: ({ g * y.isEqual(to: a) }, { g * y.isEqual(to: b) })
    case .power: ({ g * (b * a.power(b - 1)) }, { g * (y * a.log()) })
    default: ({ nil }, { nil })
    }
  }

  func apply<S: Scalar>(_ a: S, _ b: S) -> S {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a > b || a != a ? a : b
    case .minimum: a < b || a != a ? a : b
    case .power: .pow(a, b)
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    }
  }

  package func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S> {
    let a = operands[0].broadcast(to: type.shape)
    let b = operands[1].broadcast(to: type.shape)
    return .real(zip(a, b).map(apply))
  }

  var microOperation: strata_micro_op {
    switch self {
    case .add: STRATA_EW_ADD
    case .subtract: STRATA_EW_SUB
    case .multiply: STRATA_EW_MUL
    case .divide: STRATA_EW_DIV
    case .maximum: STRATA_EW_MAX
    case .minimum: STRATA_EW_MIN
    case .power: STRATA_EW_POW
    case .less: STRATA_EW_LT
    case .lessOrEqual: STRATA_EW_LE
    case .greater: STRATA_EW_GT
    case .greaterOrEqual: STRATA_EW_GE
    case .equal: STRATA_EW_EQ
    case .notEqual: STRATA_EW_NE
    }
  }
}

extension BinaryFunction: ElementwiseOperation {
  package var microOperationCode: Int32 { Int32(microOperation.rawValue) }
}

extension Tensor {
  public static func + (a: Tensor, b: Tensor) -> Tensor { .apply(BinaryFunction.add, [a, b]) }
  public static func - (a: Tensor, b: Tensor) -> Tensor { .apply(BinaryFunction.subtract, [a, b]) }
  public static func * (a: Tensor, b: Tensor) -> Tensor { .apply(BinaryFunction.multiply, [a, b]) }
  public static func / (a: Tensor, b: Tensor) -> Tensor { .apply(BinaryFunction.divide, [a, b]) }

  public static func + (a: Tensor, b: Float) -> Tensor { a + Tensor(b) }
  public static func - (a: Tensor, b: Float) -> Tensor { a - Tensor(b) }
  public static func * (a: Tensor, b: Float) -> Tensor { a * Tensor(b) }
  public static func / (a: Tensor, b: Float) -> Tensor { a / Tensor(b) }
  public static func + (a: Float, b: Tensor) -> Tensor { Tensor(a) + b }
  public static func - (a: Float, b: Tensor) -> Tensor { Tensor(a) - b }
  public static func * (a: Float, b: Tensor) -> Tensor { Tensor(a) * b }
  public static func / (a: Float, b: Tensor) -> Tensor { Tensor(a) / b }

  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    .apply(BinaryFunction.maximum, [a, b])
  }
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    .apply(BinaryFunction.minimum, [a, b])
  }
  public func power(_ exponent: Tensor) -> Tensor {
    .apply(BinaryFunction.power, [self, exponent])
  }

  /// 1 where the comparison holds, else 0.
  public func isLess(than other: Tensor) -> Tensor { .apply(BinaryFunction.less, [self, other]) }
  public func isLessOrEqual(to other: Tensor) -> Tensor {
    .apply(BinaryFunction.lessOrEqual, [self, other])
  }
  public func isGreater(than other: Tensor) -> Tensor {
    .apply(BinaryFunction.greater, [self, other])
  }
  public func isGreaterOrEqual(to other: Tensor) -> Tensor {
    .apply(BinaryFunction.greaterOrEqual, [self, other])
  }
  public func isEqual(to other: Tensor) -> Tensor { .apply(BinaryFunction.equal, [self, other]) }
  public func isNotEqual(to other: Tensor) -> Tensor {
    .apply(BinaryFunction.notEqual, [self, other])
  }

  /// Values limited to `low...high`; the gradient passes inside and at the limits.
  public func clipped(_ low: Tensor, _ high: Tensor) -> Tensor {
    let inside = isGreaterOrEqual(to: low) * isLessOrEqual(to: high)
    let limited = Tensor.minimum(.maximum(self.detached(), low), high)
    return Tensor.select(inside, self, limited)
  }
}
