import Foundation

/// A range of numbers with round marks, from the first mark to the last.
struct ChartAxis {
  var range: ClosedRange<Double>
  var ticks: [Double]
  private var decimals: Int

  /// An axis that covers the values.
  ///
  /// - Parameters:
  ///   - values: What is to be shown; NaN and infinities do not count.
  ///   - tickCount: About how many marks.
  ///   - isWhole: Whether marks fall on whole numbers only and the range ends with the values.
  init(covering values: [Double], tickCount: Int, isWhole: Bool = false) {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if low == high {
      let room = isWhole ? 1 : max(abs(low) * 0.1, 1e-3)
      (low, high) = isWhole ? (low, high + room) : (low - room, high + room)
    }
    let step = Self.step((high - low) / Double(max(1, tickCount)), isWhole: isWhole)
    let first = isWhole ? (low / step).rounded(.up) : (low / step).rounded(.down)
    let last = isWhole ? (high / step).rounded(.down) : (high / step).rounded(.up)
    ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
    range = isWhole ? low...high : (first * step)...(last * step)
    decimals = max(0, -Int(log10(step).rounded(.down)))
  }

  /// The round number (1, 2 or 5 times a power of ten) next to `raw` or above it.
  private static func step(_ raw: Double, isWhole: Bool) -> Double {
    let power = pow(10, log10(raw).rounded(.down))
    let factor = [1, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10
    let step = factor * power
    return isWhole ? max(1, step.rounded()) : step
  }

  /// Where a value is: 0 at the lower end, 1 at the upper.
  func fraction(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  /// A mark's text.
  func label(_ tick: Double) -> String {
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    if decimals > 5 || largest >= 1e6 { return String(format: "%.3g", tick) }
    return String(format: "%.\(decimals)f", abs(tick) < 1e-12 ? 0 : tick)
  }
}
