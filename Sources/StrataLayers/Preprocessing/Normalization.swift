public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Shifts and scales features by statistics of the data: `y = (x - mean) / max(√variance, 10⁻⁷)`.
///
///     x [batch, …]    mean, variance [sizes of the axes]    y [batch, …]
///
/// The statistics are settings, or weights of the file (`mean`, `variance`, and before Keras 3
/// `count`). With `invert`, `y = mean + x·max(√variance, 10⁻⁷)`.
public struct Normalization: Layer {
  public static let name = "Normalization"

  /// The axes with statistics of their own, counted with the batch axis; negative from the end.
  public var axis: [Int]
  /// nil: a weight.
  public var mean: [Float]?
  /// nil: a weight.
  public var variance: [Float]?
  public var invert: Bool
  public var keepsCount: Bool?

  public init(
    axis: [Int] = [-1], mean: [Float]? = nil, variance: [Float]? = nil, invert: Bool = false,
    keepsCount: Bool? = nil
  ) {
    self.axis = axis
    self.mean = mean
    self.variance = variance
    self.invert = invert
    self.keepsCount = keepsCount
  }

  public mutating func resolve(under semantics: Semantics) {
    keepsCount.resolve(Self.keepsCountHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    for one in axis { _ = try position(of: one, in: input) }
    for values in [mean, variance].compactMap(\.self) {
      guard values.count == 1 || values.count == sizes(input).count else {
        throw failure("statistics for \(sizes(input))", "\(values.count) numbers")
      }
    }
    return input
  }

  /// The axes as indices of a batch of samples, in order.
  private func axes(_ rank: Int) -> [Int] {
    Set(axis.map { $0 < 0 ? $0 + rank + 1 : $0 }).sorted()
  }

  private func sizes(_ input: Shape) -> Shape {
    Shape(axes(input.rank).map { input[$0 - 1] })
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let shape = sizes(try outputShape(for: inputs))
    guard mean == nil || variance == nil else { return [] }
    let statistics = [
      ParameterSpec("mean", shape, .zeros, isTrainable: false),
      ParameterSpec("variance", shape, .ones, isTrainable: false),
    ]
    let count = ParameterSpec("count", [], .zeros, isTrainable: false)
    return keepsCount == true ? statistics + [count] : statistics
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0].asFloat32()
    let axes = axes(x.rank - 1)
    func along(_ values: [Float]?, _ name: String) -> Tensor {
      if let values, values.count == 1 { return Tensor(values[0]) }
      let sizes = Shape((0..<x.rank).map { axes.contains($0) ? x.shape[$0] : 1 })
      return values.map { Tensor($0, shape: sizes) } ?? context[name].reshaped(sizes)
    }
    let isGiven = mean != nil && variance != nil
    let center = along(isGiven ? mean : nil, "mean")
    let deviation = Tensor.maximum(
      along(isGiven ? variance : nil, "variance").squareRoot(), 1e-7)
    return invert ? center + x * deviation : (x - center) / deviation
  }
}

extension Normalization: Versioned {
  public static let keepsCountHistory = History<Bool>(
    "normalization.keepsCount", .file, .file, initially: true
  )
  .since("3.0.0", false, "normalization-count", "The number of samples is no longer a weight.")

  public static var histories: [any AnyHistory] { [keepsCountHistory] }
}
