/// How far a result may lie from what a real release recorded.
///
/// The only place with such numbers.
public struct Tolerance: Sendable, Hashable {
  /// The largest difference, as a share of the largest recorded value of the same tensor.
  public var relative: Double
  /// Where rounding alone exceeds `relative`: how many times the recording's own distance from the
  /// Float64 result Strata's may be (nil: no such way out).
  public var shadowFactor: Double?
  /// With `shadowFactor`: the largest distance between recording and Float64 result that counts as
  /// rounding; beyond it the formulas differ.
  public var roundingBound: Double
  /// Why the numbers are what they are.
  public var reason: String
}

/// The tolerances of each kind of trace.
public enum Tolerances {
  public static let optimizer = Tolerance(
    relative: 1e-6, shadowFactor: 3, roundingBound: 4e-6,
    reason: """
      One update is a handful of Float32 operations, and 25 steps add up 25 roundings of half an \
      ulp (6e-8) of the parameter: 1e-6 leaves a little room. Where a rule itself loses digits \
      (differences of large sums in Ftrl), the Float64 result decides who is nearer, but only if the \
      recording is within 4e-6 of it: another release's formula has been seen as near as 4e-5.
      """)
  public static let loss = Tolerance(
    relative: 1e-5, shadowFactor: nil, roundingBound: 0,
    reason: """
      Logarithms near 1 and divisions by small sums amplify the last bit of exp and log, in which \
      every library differs; gradients carry it once more.
      """)
  public static let layer = Tolerance(
    relative: 1e-5, shadowFactor: nil, roundingBound: 0,
    reason: "Sums of products in another order: about the root of their number in roundings.")
  public static let fitBatchLoss = Tolerance(
    relative: 1e-5, shadowFactor: nil, roundingBound: 0,
    reason: "Every batch loss of the first epoch; later, rounding grows with the training itself.")
  public static let storedValue = Tolerance(
    relative: 0, shadowFactor: nil, roundingBound: 0,
    reason: "What a file holds is loaded as it stands.")
  public static let prediction = Tolerance(
    relative: 1e-5, shadowFactor: nil, roundingBound: 0,
    reason: "Some layers in a row, each with sums of products in another order.")
  public static let continuation = Tolerance(
    relative: 1e-4, shadowFactor: nil, roundingBound: 0,
    reason: """
      Five updates on small batches from weights and slots that are equal to the bit: rules that \
      divide by the root of a small square turn the rounding of a gradient near zero into a \
      difference of the step itself.
      """)
  public static let metric = Tolerance(
    relative: 1e-5, shadowFactor: nil, roundingBound: 0,
    reason: "Sums over a batch in another order, and logarithms; counts are whole numbers.")
}
