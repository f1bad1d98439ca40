public import StrataTensor

/// What a layer asks the model to keep for it: a parameter, or a statistic that training updates.
public struct ParameterSpec: Sendable, Equatable {
  /// The name within the layer, for example `kernel`.
  public var name: String
  public var shape: Shape
  public var initializer: Initializer
  /// The fans of the initial weights, by the rule of the release; nil for the shape's own.
  public var fans: Fans?
  public var regularizer: Regularizer?
  public var constraint: Constraint?
  /// False for statistics: no gradient, rewritten by `LayerContext.update`.
  public var isTrainable: Bool
  /// False for state that no release writes to a file.
  public var isSaved: Bool

  public init(
    _ name: String, _ shape: Shape, _ initializer: Initializer, fans: Fans? = nil,
    regularizer: Regularizer? = nil, constraint: Constraint? = nil, isTrainable: Bool = true,
    isSaved: Bool = true
  ) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.fans = fans
    self.regularizer = regularizer
    self.constraint = constraint
    self.isTrainable = isTrainable
    self.isSaved = isSaved
  }
}

/// The numbers of connections into and out of a unit, from which initial weights are scaled.
public struct Fans: Sendable, Equatable {
  public var fanIn: Double
  public var fanOut: Double
  public init(in fanIn: Int, out fanOut: Int) {
    self.fanIn = Double(fanIn)
    self.fanOut = Double(fanOut)
  }

  /// `[in, out]`; of a kernel `[..., in, out]` the leading sizes count in both (Keras since 2.0.6);
  /// of a vector `[n]`, n and n.
  public init(of shape: Shape) {
    let receptive = shape.dimensions.dropLast(2).reduce(1, *)
    self =
      shape.rank < 2
      ? Fans(in: shape.count, out: shape.count)
      : Fans(in: receptive * shape[-2], out: receptive * shape[-1])
  }
}
