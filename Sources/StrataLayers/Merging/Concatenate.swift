public import StrataCore
public import StrataTensor

/// The inputs one after the other along an axis.
///
///     xᵢ [batch, …], equal but for the axis    y [batch, …], the sum of the sizes along it
///
/// Masks: along the time axis they are concatenated too (1 where an input has none); along another,
/// a time step is present where it is in every masked input.
public struct Concatenate: Layer {
  public static let name = "Concatenate"
  public static let supportsMasking = true

  /// Counted with the batch axis; negative from the end.
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count >= 2 else { throw failure("two inputs or more", "\(inputs.count)") }
    var result = inputs[0]
    let position = try position(of: axis, in: result)
    for input in inputs.dropFirst() {
      guard input.rank == result.rank else { throw mismatch(inputs) }
      var expected = result
      expected[position] = input[position]
      guard input == expected else { throw mismatch(inputs) }
      result[position] += input[position]
    }
    return result
  }

  private func mismatch(_ inputs: [Shape]) -> LayerError {
    failure("inputs equal but for axis \(axis)", inputs.map(\.description).listed)
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    .concatenate(inputs, axis: axis)
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    let rank = inputs[0].rank
    guard rank > 2, axis == 1 || axis == 1 - rank, context.masks.contains(where: { $0 != nil })
    else { return commonMask(context) }
    let masks = zip(inputs, context.masks).map { input, mask in
      mask ?? .full([input.shape[0], input.shape[1]], 1)
    }
    return .concatenate(masks, axis: 1)
  }
}
