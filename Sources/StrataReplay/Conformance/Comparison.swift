/// Compares results with recorded values, tensor by tensor, and keeps the worst.
struct Comparison {
  let tolerance: Tolerance
  private(set) var largestError = 0.0
  private(set) var largestValue = 0.0
  private(set) var largestRelativeError = 0.0
  /// The first tensor outside of the tolerance.
  private(set) var firstDifference: String?
  private(set) var usedShadow = false
  /// The number of tensors compared.
  private(set) var count = 0

  init(_ tolerance: Tolerance) { self.tolerance = tolerance }

  /// Compares one tensor; `shadow` gives the Float64 result if it is asked for, `allowance` what
  /// rounding alone has been seen to do.
  mutating func add(
    _ name: String, _ ours: [Float], _ recorded: [Float], allowance: Double = 0,
    shadow: () -> [Double]? = { nil }
  ) {
    count += 1
    guard ours.count == recorded.count else {
      note("\(name) (\(ours.count) values, recorded \(recorded.count))")
      largestError = .infinity
      largestRelativeError = .infinity
      return
    }
    let theirs = recorded.map(Double.init)
    let size = Self.size(theirs)
    let error = Self.distance(ours.map(Double.init), theirs)
    let relative = error == 0 ? 0 : size == 0 ? .infinity : error / size
    largestError = max(largestError, error)
    largestValue = max(largestValue, size)
    largestRelativeError = max(largestRelativeError, relative)
    guard relative > tolerance.relative, error > tolerance.relative * size + allowance else {
      return
    }
    if isRounding(ours.map(Double.init), theirs, size, shadow) {
      usedShadow = true
    } else {
      note(name)
    }
  }

  private func isRounding(
    _ ours: [Double], _ theirs: [Double], _ size: Double, _ shadow: () -> [Double]?
  ) -> Bool {
    guard let factor = tolerance.shadowFactor, let exact = shadow(), exact.count == ours.count
    else { return false }
    let theirDistance = Self.distance(theirs, exact)
    let isClose = theirDistance <= tolerance.roundingBound * max(size, Self.size(exact))
    return isClose && Self.distance(ours, exact) <= factor * theirDistance
  }

  private mutating func note(_ name: String) { firstDifference = firstDifference ?? name }

  private static func size(_ values: [Double]) -> Double {
    values.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
  }

  /// The largest difference; NaN against NaN and an infinity against itself are none.
  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { worst, pair in
      if pair.0 == pair.1 || pair.0.isNaN && pair.1.isNaN { return worst }
      let difference = (pair.0 - pair.1).magnitude
      return max(worst, difference.isNaN ? .infinity : difference)
    }
  }
}
