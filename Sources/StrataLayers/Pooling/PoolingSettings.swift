import StrataCore
import StrataTensor

/// What the pooling layers have in common.
struct PoolingSettings {
  var poolSize: [Int]
  /// nil: the pool's size.
  var strides: [Int]?
  var padding: Padding
  var dataFormat: DataFormat

  private var windows: [AxisWindow] {
    zip(poolSize, strides ?? poolSize).map { AxisWindow(size: $0, stride: $1) }
  }

  /// The output's shape for `rank` spatial axes.
  ///
  /// - Throws: `LayerError` of `layer` for settings or an input that cannot be used.
  func outputShape(
    _ inputs: [Shape], _ rank: Int, of layer: some Layer
  ) throws(LayerError) -> Shape {
    let input = try layer.single(inputs)
    try layer.checkAxes([("poolSize", poolSize), ("strides", strides ?? poolSize)], rank)
    guard padding == .valid || padding == .same else {
      throw layer.failure("padding valid or same", padding.rawValue)
    }
    let image = try layer.image(input, rank, dataFormat)
    let sizes = zip(windows, image.dimensions).map { $0.output($1, padding) }
    guard sizes.allSatisfy({ $0 > 0 }) else {
      throw layer.failure("an input of at least the pool's size", "\(input)")
    }
    return dataFormat.restored(Shape(sizes + [image.last]))
  }

  /// The pooled batch of volumes: plane by plane, then across planes.
  func applyToVolumes(
    _ x: Tensor, _ form: PoolingForm, _ pool: (Tensor, Window2D) -> Tensor
  ) -> Tensor {
    let volumes = dataFormat.last(x)
    let (batch, channels) = (volumes.shape[0], volumes.shape.last)
    let axes = zip(windows, volumes.shape.dimensions.dropFirst()).map {
      $0.placed($1, padding, form.samePadding)
    }
    let planes = pool(
      volumes.reshaped([batch * volumes.shape[1], volumes.shape[2], volumes.shape[3], channels]),
      Window2D(rows: axes[1], columns: axes[2]))
    let places = axes[1].output * axes[2].output
    let across = pool(
      planes.reshaped([batch, volumes.shape[1], places, channels]),
      Window2D(rows: axes[0], columns: WindowAxis(size: 1, output: places)))
    return dataFormat.restored(
      across.reshaped(Shape([batch] + axes.map(\.output) + [channels])))
  }

  /// The pooled batch, in the layer's data format.
  func apply(
    _ x: Tensor, _ form: PoolingForm, _ pool: (Tensor, Window2D) -> Tensor
  ) -> Tensor {
    let images = dataFormat.last(x)
    let window = Window2D(windows, images.shape, padding, form.samePadding)
    return dataFormat.restored(pool(images.asImages, window).asImages(rank: x.rank))
  }
}

extension DataFormat {
  /// A reduced batch with channels last, in this format.
  func reduced(_ y: Tensor, _ keepsDimensions: Bool) -> Tensor {
    keepsDimensions ? restored(y) : y
  }
}
