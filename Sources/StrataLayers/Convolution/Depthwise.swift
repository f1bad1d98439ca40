import StrataCore
import StrataTensor

extension ConvolutionSettings {
  /// The settings of the depthwise part: a group for each channel.
  static func depthwise(
    _ input: Shape, multiplier: Int, kernelSize: [Int], strides: [Int], padding: Padding,
    dataFormat: DataFormat, dilationRate: [Int]
  ) -> ConvolutionSettings {
    let channels = dataFormat.last(input).last
    return ConvolutionSettings(
      filters: channels * multiplier, kernelSize: kernelSize, strides: strides,
      padding: padding, dataFormat: dataFormat, dilationRate: dilationRate, groups: channels)
  }

  /// Every channel by its own kernels; channel c gives channels `c·multiplier ...` of the result.
  ///
  /// - Parameters:
  ///   - x: A batch in the layer's data format.
  ///   - kernel: `[size..., channels, multiplier]`.
  ///   - bias: `[channels·multiplier]`.
  /// - Returns: The batch in the layer's data format.
  func depthwise(_ x: Tensor, kernel: Tensor, bias: Tensor?) -> Tensor {
    apply(
      x, kernel: kernel.reshaped(Shape(kernelSize + [1, filters])), bias: bias, .modern)
  }
}
