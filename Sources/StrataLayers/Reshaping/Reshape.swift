public import StrataCore
public import StrataTensor

/// The same elements under another shape.
///
///     x [batch, …]    y [batch] + targetShape
///
/// `dims` in files of Keras 0.
public struct Reshape: Layer {
  public static let name = "Reshape"

  /// Without the batch axis; one size may be -1 and follows from the others.
  public var targetShape: [Int]

  public init(targetShape: [Int]) { self.targetShape = targetShape }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    var sizes = targetShape
    let known = sizes.filter { $0 != -1 }.reduce(1, *)
    if let open = sizes.firstIndex(of: -1), known > 0, input.count % known == 0 {
      sizes[open] = input.count / known
    }
    guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(1, *) == input.count else {
      throw failure("input of as many elements as targetShape", "\(input)")
    }
    return Shape(sizes)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard let shape = try? outputShape(for: [x.shape.droppingFirst()]) else {
      return x.reshaped(Shape([x.shape[0]] + targetShape))
    }
    return x.reshaped(shape.batched(x.shape[0]))
  }
}
