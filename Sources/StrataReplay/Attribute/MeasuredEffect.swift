internal import Foundation

/// A difference of a metric between two variants of a training, over seeds.
public struct MeasuredEffect: Sendable, Codable, Hashable {
  /// One for each seed.
  public var values: [Double]
  public var mean: Double
  /// Half the width of the 95 % interval of the mean (Student's t, differences paired by seed); nil
  /// for a single seed.
  public var halfWidth: Double?

  public init(_ values: [Double]) {
    self.values = values
    let count = Double(values.count)
    mean = values.isEmpty ? .nan : values.reduce(0, +) / count
    guard values.count > 1 else { return }
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (count - 1)
    halfWidth = Self.quantile(freedom: values.count - 1) * (variance / count).squareRoot()
  }

  /// Whether no seed shows any difference, to the last bit.
  public var isExactlyZero: Bool { values.allSatisfy { $0 == 0 } }

  /// Whether the interval leaves zero out; nil for a single seed.
  public var isClear: Bool? { halfWidth.map { abs(mean) > $0 } }

  /// The 97.5 % quantile of Student's t distribution.
  static func quantile(freedom: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
      2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
      2.052, 2.048, 2.045, 2.042,
    ]
    return freedom <= table.count ? table[max(freedom, 1) - 1] : 1.96
  }
}
