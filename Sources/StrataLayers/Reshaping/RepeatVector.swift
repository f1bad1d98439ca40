public import StrataCore
public import StrataTensor

/// A vector n times: `y[:, t] = x` for every t.
///
///     x [batch, features]    y [batch, n, features]
public struct RepeatVector: Layer {
  public static let name = "RepeatVector"

  public var n: Int

  public init(n: Int) { self.n = n }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    try checkPositive(n, "n")
    guard input.rank == 1 else { throw failure("input [features]", "\(input)") }
    return [n, input[0]]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    let (batch, features) = (x.shape[0], x.shape.last)
    return x.reshaped([batch, 1, features]).broadcast(to: [batch, n, features])
  }
}
