import StrataCore

/// The watched number: finds its direction and value, and says once when it is missing.
struct Monitor {
  let owner: String
  let key: String
  let mode: MonitorMode
  private(set) var direction: Direction?
  private var hasWarned = false

  init(_ owner: String, _ key: String, _ mode: MonitorMode) {
    self.owner = owner
    self.key = key
    self.mode = mode
  }

  /// The direction under the rule of a release.
  ///
  /// - Throws: `HyperparameterError` if the mode is `auto` and the rule finds none.
  mutating func findDirection(
    _ rule: AutoDirection, _ training: any TrainingControl
  ) throws(HyperparameterError) -> Direction {
    if let direction { return direction }
    let found: Direction? =
      switch mode {
      case .min: .down
      case .max: .up
      case .auto: rule.direction(of: key, metrics: training.progress.metrics)
      }
    guard let found else {
      throw HyperparameterError(
        owner: owner, setting: "mode",
        expected: "min or max, because no metric of the model tells the direction of \"\(key)\"",
        found: "auto")
    }
    direction = found
    return found
  }

  /// The value in the logs; where it is missing, nil and, the first time, a report.
  mutating func value(in logs: Logs, _ training: any TrainingControl) -> Double? {
    if let value = logs[key] { return value }
    if !hasWarned {
      hasWarned = true
      let available = logs.keys.isEmpty ? "nothing" : logs.keys.joined(separator: ", ")
      training.report("\(owner) monitors \"\(key)\", which is not logged. Logged: \(available).")
    }
    return nil
  }
}

extension AutoDirection {
  /// Whether numbers are compared in single precision, as Keras 3 does where it looks at metrics.
  var comparesInSinglePrecision: Bool { self == .compiledMetric }
}

extension Direction {
  /// Whether `value`, worsened by `margin`, is better than `best`.
  func isImprovement(
    _ value: Double, over best: Double, margin: Double, singlePrecision: Bool
  ) -> Bool {
    let shifted = self == .down ? value + margin : value - margin
    return singlePrecision
      ? isBetter(Double(Float(shifted)), than: Double(Float(best)))
      : isBetter(shifted, than: best)
  }
}
