internal import StrataCore
internal import StrataLayers
internal import StrataSemantics
internal import StrataTraining

/// What the fourth weight of a BatchNormalization means differs between releases; it is converted so
/// that predictions stay the same.
///
/// Epsilon is part of the configuration and stays.
struct StatisticConversion {
  private var path: String
  private var old: BatchNormalization.Formula.Divisor
  private var new: BatchNormalization.Formula.Divisor
  private var epsilon: Float
  private var releases: (old: Semantics, new: Semantics)

  /// nil if the parameter is no such statistic, or means the same in both releases.
  init?(
    _ parameter: Model.Parameter, _ model: Model, from source: Semantics, to target: Semantics
  ) {
    guard parameter.spec.name == "moving_variance",
      let layer = model.architecture.nodes[parameter.node].layer as? BatchNormalization,
      let old = Self.divisor(layer, source), let new = Self.divisor(layer, target), old != new
    else { return nil }
    path = parameter.path
    self.old = old
    self.new = new
    epsilon = layer.epsilon ?? 0
    releases = (source, target)
  }

  private static func divisor(
    _ layer: BatchNormalization, _ release: Semantics
  ) -> BatchNormalization.Formula.Divisor? {
    var layer = layer
    layer.formula = nil
    layer.resolve(under: release)
    return layer.formula?.divisor
  }

  func apply(_ values: [Float], _ notes: NoteList) -> [Float] {
    let divisors = values.map { old.value($0, epsilon) }
    let result = divisors.map { new.statistic(divisor: $0, epsilon) }
    notes.add(
      .converted, path,
      "\(releases.old) divides by \(old.rawValue), \(releases.new) by \(new.rawValue);"
        + " converted so that predictions stay the same")
    let worst = zip(divisors, result).map { divisor, statistic in
      ((new.value(statistic, epsilon) - divisor) / divisor).magnitude
    }.max()
    if let worst, worst > 1e-6 {
      notes.add(
        .lost, path,
        "\(releases.new) cannot divide by less than epsilon; the divisor is off by a share of"
          + " \(worst)")
    }
    return result
  }
}

extension BatchNormalization.Formula {
  /// What inference divides by, from the kept statistic.
  enum Divisor: String {
    case deviation = "s + epsilon"
    case rootPlusEpsilon = "√v + epsilon"
    case rootOfSum = "√(v + epsilon)"

    func value(_ statistic: Float, _ epsilon: Float) -> Float {
      switch self {
      case .deviation: statistic + epsilon
      case .rootPlusEpsilon: statistic.squareRoot() + epsilon
      case .rootOfSum: (statistic + epsilon).squareRoot()
      }
    }

    func statistic(divisor: Float, _ epsilon: Float) -> Float {
      switch self {
      case .deviation: max(divisor - epsilon, 0)
      case .rootPlusEpsilon: max(divisor - epsilon, 0) * max(divisor - epsilon, 0)
      case .rootOfSum: max(divisor * divisor - epsilon, 0)
      }
    }
  }

  var divisor: Divisor {
    switch self {
    case .deviation: .deviation
    case .rootPlusEpsilon: .rootPlusEpsilon
    default: .rootOfSum
    }
  }
}
