/// A penalty on a parameter or an output: `l1·Σ|x| + l2·Σx²`.
public struct Regularizer: Sendable, Hashable, Codable {
  public var l1: Float
  public var l2: Float

  public init(l1: Float = 0, l2: Float = 0) {
    self.l1 = l1
    self.l2 = l2
  }
  public static func l1(_ factor: Float = 0.01) -> Regularizer { Regularizer(l1: factor) }
  public static func l2(_ factor: Float = 0.01) -> Regularizer { Regularizer(l2: factor) }
  public static func l1l2(_ l1: Float = 0.01, _ l2: Float = 0.01) -> Regularizer {
    Regularizer(l1: l1, l2: l2)
  }
}

/// What a parameter is projected to after each step.
public enum Constraint: Sendable, Hashable, Codable {
  /// Norms over `axes` shrunk to at most `value`.
  case maxNorm(_ value: Float, axes: [Int])
  case nonNegative
  /// Norms over `axes` made 1.
  case unitNorm(axes: [Int])
  /// Norms over `axes` moved by the share `rate` into `minimum...maximum`.
  case minMaxNorm(minimum: Float, maximum: Float, rate: Float, axes: [Int])

  public static func maxNorm(_ value: Float = 2, axis: Int = 0) -> Constraint {
    .maxNorm(value, axes: [axis])
  }
  public static func unitNorm(axis: Int = 0) -> Constraint { .unitNorm(axes: [axis]) }
  public static func minMaxNorm(
    minimum: Float = 0, maximum: Float = 1, rate: Float = 1, axis: Int = 0
  ) -> Constraint {
    .minMaxNorm(minimum: minimum, maximum: maximum, rate: rate, axes: [axis])
  }
}
