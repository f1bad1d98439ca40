public import StrataCore
public import StrataTensor

/// A rate for each range of updates: `values[k]` up to and with update `boundaries[k]`, the last one
/// beyond all boundaries.
///
/// A boundary that is not whole is cut to a whole number, as Keras does. Source: Keras since 2.4.
public struct PiecewiseConstantDecay: LearningRateSchedule, Configurable {
  public static let className = "PiecewiseConstantDecay"

  public var boundaries: [Double]
  public var values: [Double]

  public init(boundaries: [Double] = [], values: [Double] = []) {
    self.boundaries = boundaries
    self.values = values
  }

  public static var settings: [Setting<PiecewiseConstantDecay>] {
    [.numbers("boundaries", \.boundaries), .numbers("values", \.values)]
  }

  public func check() throws(HyperparameterError) {
    guard values.count == boundaries.count + 1, !boundaries.isEmpty else {
      throw error(
        "values", "one more than boundaries", "\(values.count) for \(boundaries.count) boundaries")
    }
  }

  public func rate(at iteration: Tensor) -> Tensor {
    var rate = Tensor(Float(values.last ?? .nan))
    for (boundary, value) in zip(boundaries, values).reversed() {
      let isBefore = iteration.isLessOrEqual(to: Tensor(Float(boundary.rounded(.towardZero))))
      rate = .select(isBefore, Tensor(Float(value)), rate)
    }
    return rate
  }
}
