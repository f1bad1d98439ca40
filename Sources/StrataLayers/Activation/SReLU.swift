public import StrataCore
public import StrataTensor

/// An S-shaped rectifier of three straight parts whose ends and slopes are learnt.
///
///     y = t_l + a_l·(x - t_l) below t_l,  t + a_r·(x - t) above t = t_l + |t_r|,  x between
///     x [batch, …]    t_left, a_left, t_right, a_right: the shape of x with 1 along `sharedAxes`
///
/// Keras 0 and 1 only. Source: Jin et al. 2015 (arXiv:1512.07030).
public struct SReLU: Layer {
  public static let name = "SReLU"
  public static let supportsMasking = true

  public var tLeftInitializer: Initializer
  public var aLeftInitializer: Initializer
  public var tRightInitializer: Initializer
  public var aRightInitializer: Initializer
  /// Axes along which one set serves, counted with the batch axis (so from 1).
  public var sharedAxes: [Int]?
  public var isTrainable: Bool

  public init(
    tLeftInitializer: Initializer = .zeros, aLeftInitializer: Initializer = .glorotUniform,
    tRightInitializer: Initializer = .glorotUniform, aRightInitializer: Initializer = .ones,
    sharedAxes: [Int]? = nil, isTrainable: Bool = true
  ) {
    self.tLeftInitializer = tLeftInitializer
    self.aLeftInitializer = aLeftInitializer
    self.tRightInitializer = tRightInitializer
    self.aRightInitializer = aRightInitializer
    self.sharedAxes = sharedAxes
    self.isTrainable = isTrainable
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let shape = try elementShape(inputs, sharedAxes: sharedAxes)
    let initializers = [
      ("t_left", tLeftInitializer), ("a_left", aLeftInitializer), ("t_right", tRightInitializer),
      ("a_right", aRightInitializer),
    ]
    return initializers.map { name, initializer in
      ParameterSpec(
        name, shape, initializer)
    }
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let (x, left) = (inputs[0], context["t_left"])
    let width = context["t_right"].abs()
    let fromLeft = x - left
    let rising = Formulas.positive(fromLeft) + context["a_left"] * Formulas.negative(fromLeft)
    let above = Formulas.positive(x - (left + width))
    return left + Tensor.minimum(rising, width) + above * context["a_right"]
  }
}

extension Layer {
  /// The shape of parameters that there are for each element of a sample.
  ///
  /// - Throws: `LayerError` for an axis that the input does not have.
  func elementShape(_ inputs: [Shape], sharedAxes: [Int]?) throws(LayerError) -> Shape {
    var shape = try single(inputs)
    for axis in sharedAxes ?? [] { shape[try position(of: axis, in: shape)] = 1 }
    return shape
  }
}
