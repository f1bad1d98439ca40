import StrataTensor

/// Convolutions of any number of spatial axes from gathered windows and matrix products.
///
/// A product sum runs over (taps in order of the axes, channel), as the engine's convolution of
/// images does.
extension Tensor {
  /// The values that each window sees, 0 outside: `[batch, windows, taps, channels]` of a batch
  /// `[batch, sizes…, channels]`.
  func patches(_ axes: [WindowAxis]) -> Tensor {
    let (batch, sizes, channels) = (shape[0], shape.dimensions[1..<(rank - 1)], shape.last)
    let places = sizes.reduce(1, *)
    let seen = WindowAxis.places(axes, sizes: Array(sizes))
    let indices = (0..<batch).flatMap { sample in
      seen.map { Int32($0.map { sample * places + $0 } ?? batch * places) }
    }
    let table = reshaped([batch * places, channels]).padded(before: [0, 0], after: [1, 0])
    let windows = axes.map(\.output).reduce(1, *)
    let taps = axes.map(\.size).reduce(1, *)
    return table.gather(Tensor(indices, shape: [batch, windows, taps]))
  }

  /// The convolution of a batch `[batch, sizes…, channels]` by `[taps…, channels/groups, filters]`.
  func convolution(
    _ kernel: Tensor, bias: Tensor?, _ axes: [WindowAxis], groups: Int
  ) -> Tensor {
    let patches = patches(axes)
    let (batch, windows, taps) = (patches.shape[0], patches.shape[1], patches.shape[2])
    let (inputs, filters) = (kernel.shape[-2], kernel.shape.last)
    let share = filters / groups
    let matrix = kernel.reshaped([taps * inputs, filters])
    let parts = (0..<groups).map { group in
      let seen = patches.slice(axis: -1, (group * inputs)..<((group + 1) * inputs))
      return seen.reshaped([batch * windows, taps * inputs]).matmul(
        matrix.slice(axis: -1, (group * share)..<((group + 1) * share)))
    }
    let y = (groups == 1 ? parts[0] : Tensor.concatenate(parts, axis: -1))
      .reshaped(Shape([batch] + axes.map(\.output) + [filters]))
    return bias.map { y + $0 } ?? y
  }

  /// The transpose: each element of the batch spread over the places that its window sees.
  ///
  /// The kernel is `[taps…, filters, channels]`; contributions add in the order of (element, tap).
  func spread(_ kernel: Tensor, _ axes: [WindowAxis], sizes: [Int]) -> Tensor {
    let (batch, filters, channels) = (shape[0], kernel.shape[-2], shape.last)
    let (places, elements) = (sizes.reduce(1, *), axes.map(\.output).reduce(1, *))
    let taps = axes.map(\.size).reduce(1, *)
    let rows = reshaped([batch * elements, channels]).matmul(
      kernel.reshaped([taps * filters, channels]).transposed([1, 0]))
    let seen = WindowAxis.places(axes, sizes: sizes)
    let indices = (0..<batch).flatMap { sample in
      seen.map { Int32($0.map { sample * places + $0 } ?? batch * places) }
    }
    return rows.reshaped([batch * elements * taps, filters])
      .scattered(Tensor(indices, shape: [batch * elements * taps]), rows: batch * places + 1)
      .slice(axis: 0, 0..<(batch * places))
      .reshaped(Shape([batch] + sizes + [filters]))
  }
}

extension WindowAxis {
  /// For each window and tap, in order, the place that it sees; nil outside.
  static func places(_ axes: [WindowAxis], sizes: [Int]) -> [Int?] {
    let windows = grid(axes.map(\.output))
    let taps = grid(axes.map(\.size))
    return windows.flatMap { window in
      taps.map { tap -> Int? in
        var place = 0
        for (index, axis) in axes.enumerated() {
          let at = window[index] * axis.stride + tap[index] * axis.dilation - axis.before
          guard (0..<sizes[index]).contains(at) else { return nil }
          place = place * sizes[index] + at
        }
        return place
      }
    }
  }

  /// All positions of a box, the last axis fastest.
  private static func grid(_ sizes: [Int]) -> [[Int]] {
    sizes.reduce([[]]) { positions, size in
      positions.flatMap { position in (0..<size).map { position + [$0] } }
    }
  }
}
