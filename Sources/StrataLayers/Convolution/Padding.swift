import StrataTensor

/// What a window does at the borders.
public enum Padding: String, Sendable, Hashable, Codable, CaseIterable {
  /// Windows lie inside.
  case valid
  /// There is an output for each stride of the input.
  case same
  /// A window for every place that a tap can see.
  case full
  /// As `same`, each output seeing its own place and earlier ones only.
  case causal
}

/// Where `same` puts its padding in a convolution.
public enum SamePadding: String, Sendable, Hashable, Codable {
  /// As little as the outputs need, the larger half after: TensorFlow.
  case least
  /// Half of the kernel before: Theano.
  case half
  /// The kernel less one, for odd sizes less two: pooling on Theano.
  case pooling
}

/// A window along one axis, before the padding is known.
struct AxisWindow {
  var size: Int
  var stride: Int
  var dilation = 1

  /// The distance from the first tap to the last, plus one.
  var extent: Int { (size - 1) * dilation + 1 }

  /// The number of windows over `count` elements.
  func output(_ count: Int, _ padding: Padding) -> Int {
    switch padding {
    case .valid: count < extent ? 0 : (count - extent) / stride + 1
    case .same, .causal: (count + stride - 1) / stride
    case .full: (count + extent - 2) / stride + 1
    }
  }

  /// The size of which `count` windows are the output; `remaining` places beyond the last window.
  func transposedOutput(_ count: Int, _ padding: Padding, _ remaining: Int?) -> Int {
    guard let remaining else {
      return padding == .same ? count * stride : (count - 1) * stride + max(extent, stride)
    }
    let inside = (count - 1) * stride + extent + remaining
    return padding == .same ? inside - 2 * (extent / 2) : inside
  }

  /// How far the first window starts before the first element.
  func before(_ count: Int, _ padding: Padding, _ same: SamePadding) -> Int {
    switch padding {
    case .valid: return 0
    case .full, .causal: return extent - 1
    case .same: break
    }
    switch same {
    case .least: return max((output(count, .same) - 1) * stride + extent - count, 0) / 2
    case .half: return extent / 2
    case .pooling: return size % 2 == 1 && size > 2 ? size - 2 : size - 1
    }
  }

  func placed(_ count: Int, _ padding: Padding, _ same: SamePadding) -> WindowAxis {
    WindowAxis(
      size: size, stride: stride, dilation: dilation, before: before(count, padding, same),
      output: output(count, padding))
  }
}
