/// How a window goes along one axis.
///
/// Output i sees the places `i·stride - before + k·dilation` for k from 0 below `size`.
public struct WindowAxis: Sendable, Hashable {
  /// The number of taps.
  public var size: Int
  public var stride: Int
  /// The distance of neighbouring taps.
  public var dilation: Int
  /// How far the first window starts before the first element.
  public var before: Int
  /// The number of windows.
  public var output: Int

  public init(size: Int, stride: Int = 1, dilation: Int = 1, before: Int = 0, output: Int) {
    self.size = size
    self.stride = stride
    self.dilation = dilation
    self.before = before
    self.output = output
  }

  /// One tap at the only place of an axis of size 1.
  public static let point = WindowAxis(size: 1, output: 1)

  /// The place of a tap, nil outside of an axis of `count` elements.
  func place(_ output: Int, _ tap: Int, in count: Int) -> Int? {
    let place = output * stride - before + tap * dilation
    return (0..<count).contains(place) ? place : nil
  }

  /// The window that sees `place` at `tap`, nil if there is none.
  func window(at place: Int, _ tap: Int) -> Int? {
    let start = place + before - tap * dilation
    return start >= 0 && start % stride == 0 && start / stride < output ? start / stride : nil
  }

  /// The taps, last first, that do not fall between strides at `place`.
  func taps(meeting place: Int) -> [Int] {
    (0..<size).reversed().filter { (place + before - $0 * dilation) % stride == 0 }
  }

  var isValid: Bool {
    size > 0 && stride > 0 && dilation > 0 && before >= 0 && output > 0
  }
}

/// How a window goes over the rows and columns of images `[batch, rows, columns, channels]`.
///
/// Taps outside of the image count as zero in a convolution and are skipped in pooling.
public struct Window2D: Sendable, Hashable {
  public var rows: WindowAxis
  public var columns: WindowAxis

  public init(rows: WindowAxis, columns: WindowAxis) {
    self.rows = rows
    self.columns = columns
  }

  var isValid: Bool { rows.isValid && columns.isValid }

  /// The sizes that the kernels take, without dilation and groups.
  var poolingSizes: [Int] {
    [rows.size, columns.size, rows.stride, columns.stride, rows.before, columns.before]
  }

  /// `{n, h, w, c, oh, ow, f}` of the kernels.
  func dims(image: Shape, channels: Int) -> [Int] {
    [image[0], image[1], image[2], image[3], rows.output, columns.output, channels]
  }

  /// The offsets of the taps inside, in (row, column) order, for the window at (row, column).
  func taps(_ row: Int, _ column: Int, of image: Shape) -> [Int] {
    (0..<rows.size).flatMap { i in
      (0..<columns.size).compactMap { j -> Int? in
        guard let y = rows.place(row, i, in: image[1]),
          let x = columns.place(column, j, in: image[2])
        else { return nil }
        return (y * image[2] + x) * image[3]
      }
    }
  }
}
