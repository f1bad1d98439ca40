public import StrataCore
public import StrataTensor

/// Passes its input on, with a penalty of its own on it: `l1·Σ|x| + l2·Σx²`.
///
///     x [batch, …]    y = x
public struct ActivityRegularization: Layer {
  public static let name = "ActivityRegularization"
  public static let supportsMasking = true

  public var l1: Float
  public var l2: Float

  public init(
    l1: Float = 0, l2: Float = 0
  ) {
    self.l1 = l1
    self.l2 = l2
  }

  public var activityRegularizer: Regularizer? {
    l1 == 0 && l2 == 0 ? nil : Regularizer(l1: l1, l2: l2)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor { inputs[0] }
}
