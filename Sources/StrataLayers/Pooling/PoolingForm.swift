public import StrataSemantics
public import StrataTensor

/// How a backend pools.
public struct PoolingForm: Sendable, Hashable, Codable {
  public var samePadding: SamePadding
  /// Which of several equal maxima get the gradient.
  public var ties: PoolingTies

  public init(samePadding: SamePadding, ties: PoolingTies) {
    self.samePadding = samePadding
    self.ties = ties
  }

  static let modern = PoolingForm(samePadding: .least, ties: .first)

  init(_ semantics: Semantics) {
    self =
      semantics.backend.kind == .theano
      ? PoolingForm(samePadding: .pooling, ties: .all) : .modern
  }
}
