import StrataCore
import StrataTensor

/// What convolutions of one and two spatial axes have in common.
struct ConvolutionSettings {
  var filters: Int
  var kernelSize: [Int]
  var strides: [Int]
  var padding: Padding
  var dataFormat: DataFormat
  var dilationRate: [Int]
  var groups: Int

  var windows: [AxisWindow] {
    kernelSize.indices.map {
      AxisWindow(size: kernelSize[$0], stride: strides[$0], dilation: dilationRate[$0])
    }
  }

  /// The output's shape.
  ///
  /// - Throws: `LayerError` of `layer` for settings or an input that cannot be used.
  func outputShape(_ input: Shape, of layer: some Layer) throws(LayerError) -> Shape {
    let rank = kernelSize.count
    try layer.checkPositive(filters, "filters")
    try layer.checkAxes([("strides", strides), ("dilationRate", dilationRate)], rank)
    try layer.checkAxes([("kernelSize", kernelSize)], rank)
    guard groups > 0, filters % groups == 0 else {
      throw layer.failure("groups that divide the filters", "\(groups)")
    }
    let image = try layer.image(input, rank, dataFormat)
    guard image.last % groups == 0 else {
      throw layer.failure("channels that \(groups) groups divide", "\(input)")
    }
    let sizes = zip(windows, image.dimensions).map { $0.output($1, padding) }
    guard sizes.allSatisfy({ $0 > 0 }) else {
      throw layer.failure("an input of at least the kernel's size", "\(input)")
    }
    return dataFormat.restored(Shape(sizes + [filters]))
  }

  /// The convolution of a batch, in the layer's data format.
  func apply(_ x: Tensor, kernel: Tensor, bias: Tensor?, _ form: ConvolutionForm) -> Tensor {
    let images = dataFormat.last(x)
    let stored = form.canonical(kernel, isLine: kernelSize.count == 1)
    guard kernelSize.count < 3 else {
      let axes = zip(windows, images.shape.dimensions.dropFirst()).map {
        $0.placed($1, padding, form.samePadding)
      }
      return dataFormat.restored(
        images.convolution(stored, bias: bias, axes, groups: groups))
    }
    let window = Window2D(windows, images.shape, padding, form.samePadding)
    let y = images.asImages.convolution2D(
      stored, bias: bias, window: window, groups: groups)
    return dataFormat.restored(y.asImages(rank: x.rank))
  }

  /// Each window by its own kernel, `[places, taps·channels, filters]`, in the layer's data format;
  /// with channels first, the taps follow the channel.
  func local(_ x: Tensor, kernel: Tensor) -> Tensor {
    let images = dataFormat.last(x)
    let axes = zip(windows, images.shape.dimensions.dropFirst()).map {
      $0.placed($1, padding, .least)
    }
    let patches = images.patches(axes)
    let seen = patches.transposed(dataFormat == .channelsLast ? [1, 0, 2, 3] : [1, 0, 3, 2])
    let rows = seen.reshaped([kernel.shape[0], x.shape[0], kernel.shape[1]])
    let y = rows.matmul(kernel).transposed([1, 0, 2])
    return dataFormat.restored(
      y.reshaped(Shape([x.shape[0]] + axes.map(\.output) + [filters])))
  }
}

extension Window2D {
  /// The window over a batch with channels last; one axis alone is the columns.
  init(_ axes: [AxisWindow], _ batch: Shape, _ padding: Padding, _ same: SamePadding) {
    let placed = axes.enumerated().map { $1.placed(batch[$0 + 1], padding, same) }
    self.init(rows: placed.count == 1 ? .point : placed[0], columns: placed[placed.count - 1])
  }
}

extension Tensor {
  /// `[batch, length, channels]` as images of one row.
  var asImages: Tensor {
    rank == 3 ? reshaped([shape[0], 1, shape[1], shape[2]]) : self
  }

  /// Images as a batch of `rank` axes.
  func asImages(rank: Int) -> Tensor {
    rank == 3 ? reshaped([shape[0], shape[2], shape[3]]) : self
  }
}

extension Layer {
  /// Checks that settings have a positive number for each spatial axis.
  ///
  /// - Throws: `LayerError` naming the setting.
  func checkAxes(_ settings: [(name: String, values: [Int])], _ rank: Int) throws(LayerError) {
    for (name, values) in settings {
      guard values.count == rank, values.allSatisfy({ $0 > 0 }) else {
        throw failure("\(name) of \(rank) positive numbers", "\(values)")
      }
    }
  }

  /// The input's shape with channels last.
  ///
  /// - Throws: `LayerError` for another number of axes.
  func image(_ input: Shape, _ rank: Int, _ format: DataFormat) throws(LayerError) -> Shape {
    guard input.rank == rank + 1 else {
      let axes = ["length", "height, width", "depth, height, width"][rank - 1]
      let expected = format == .channelsLast ? "[\(axes), channels]" : "[channels, \(axes)]"
      throw failure("input \(expected)", "\(input)")
    }
    return format.last(input)
  }
}
