public import StrataCore
public import StrataTensor

/// Whole numbers as rows of zeros and ones, or of counts.
///
///     x [batch, …] integers below numTokens    y [batch, …, numTokens]
///
/// `oneHot` puts a row in the place of each number (of a last axis of size 1 in its place); `multiHot`
/// and `count` put one in the place of the last axis. Source: Keras since 2.6. Other numbers give
/// rows of zeros, where Keras may raise an error.
public struct CategoryEncoding: Layer {
  public static let name = "CategoryEncoding"

  public var numTokens: Int
  public var outputMode: TokenMode

  public init(numTokens: Int, outputMode: TokenMode = .multiHot) {
    self.numTokens = numTokens
    self.outputMode = outputMode
  }

  private var encoding: TokenEncoding { TokenEncoding(depth: numTokens, mode: outputMode) }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    try checkPositive(numTokens, "numTokens")
    guard outputMode != .int else {
      throw failure("outputMode oneHot, multiHot or count", "int")
    }
    guard let shape = encoding.shape(input) else {
      throw failure("an input with an axis of numbers", "\(input)")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    encoding.encode(inputs[0])
  }
}
