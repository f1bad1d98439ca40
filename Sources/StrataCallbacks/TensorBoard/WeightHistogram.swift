/// The distribution of a weight's elements, as TensorFlow 2's `summary.histogram` has it.
///
/// 30 ranges of equal width between the least and the greatest element, both in the last; where all
/// are equal, 29 empty ranges from the value to itself and one that has them all. Source: TensorBoard's
/// `histogram/summary_v2.py`. Elements that are no finite numbers are left out.
enum WeightHistogram {
  private static let buckets = 30

  /// Rows of left edge, right edge, count.
  static func rows(_ values: [Float]) -> [[Double]] {
    let numbers = values.map(Double.init).filter(\.isFinite)
    guard let least = numbers.min(), let greatest = numbers.max() else { return [] }
    guard least < greatest else {
      return (1...buckets).map { [least, least, $0 == buckets ? Double(numbers.count) : 0] }
    }
    let width = (greatest - least) / Double(buckets)
    var counts = [Double](repeating: 0, count: buckets)
    for number in numbers {
      let index = Int(((number - least) / width).rounded(.down))
      counts[min(index, buckets - 1)] += 1
    }
    return counts.enumerated().map { index, count in
      let right = index == buckets - 1 ? greatest : least + width * Double(index + 1)
      return [least + width * Double(index), right, count]
    }
  }
}
