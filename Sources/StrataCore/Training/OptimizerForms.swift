public import StrataSemantics

/// The forms that a release gives to what is composed around a rule.
public struct OptimizerForms: Sendable, Hashable, Codable {
  public var clipping: GradientClipping
  public var decay: RateDecay
  public var averaging: AveragingStart
  public var countsSteps: Bool
  public var squares: GradientSquares
  public var sparseRows: SparseRows
}

/// What rules take for the square of a gradient that consists of rows, as that of an embedding.
public enum GradientSquares: String, Sendable, Hashable, Codable {
  /// The square of a row's sum.
  case ofSums
  /// The sum of the squares of what each use of the row adds to it.
  case ofUses

  /// Keras 3 on TensorFlow squares the rows of a sparse gradient before it adds them up.
  public static let history = History(
    "optimizer.gradientSquares", .optimizer, .trajectory, initially: GradientSquares.ofSums
  )
  .since(
    "3.0.0", .ofUses, "optimizer-sparse-gradient-squares",
    "squares of an embedding's gradient are taken use by use on TensorFlow"
  )
  .on { $0.kind == .tensorflow }
}

/// What `decay` does to the rate η, with i the number of steps done.
public enum RateDecay: String, Sendable, Hashable, Codable {
  /// `η·(1 / (1 + decay·i))`.
  case reciprocal
  /// `η / (1 + decay·i)`.
  case quotient
  /// The release takes the argument and does nothing with it.
  case ignored
  /// The release raises an error.
  case refused
}

/// What the average of a parameter is before the first step.
public enum AveragingStart: String, Sendable, Hashable, Codable {
  /// The initial parameter.
  case initialParameter
  /// Nothing: the first average is the parameter after the first step.
  case firstStep

  public static let history = History(
    "optimizer.averagingStart", .optimizer, .trajectory, initially: AveragingStart.initialParameter
  )
  .since(
    "3.0.0", .firstStep, "optimizer-ema-first-step",
    "the average starts from the parameter after the first step, not from the initial one")
}

/// Whether the number of steps is counted; it is saved, and Adam's kind reads it.
public enum StepCounting: String, Sendable, Hashable, Codable {
  case always, onlyWithDecay, never
}

extension RateDecay {
  /// The history of `decay` for the rule of that name; the rules came by it one by one.
  public static func history(for rule: String) -> History<RateDecay> {
    switch rule {
    case "sgd": later(start(.reciprocal))
    case "nadam":
      later(
        refusing(start(.ignored))
          .since("2.4.0", .ignored, "nadam-decay-overwritten", "decay gives way to schedule_decay"),
        quotient: false)
    case "adamax":
      later(
        refusing(start(.ignored))
          .since("1.1.0", .ignored, "optimizer-decay-for-all", "decay taken, but without effect")
          .since("1.1.1", .reciprocal, "adamax-decay-ineffective-1-1-0", "decay takes effect"))
    default:
      later(
        refusing(start(.ignored))
          .since("1.1.0", .reciprocal, "optimizer-decay-for-all", "decay for every rule but nadam"))
    }
  }

  private static func start(_ value: RateDecay) -> History<RateDecay> {
    History("optimizer.decay", .optimizer, .trajectory, initially: value)
  }
  private static func refusing(_ history: History<RateDecay>) -> History<RateDecay> {
    history.since(
      "1.0.3", .refused, "optimizer-unknown-kwargs-rejected",
      "unknown arguments are refused; before, they did nothing")
  }
  private static func later(
    _ history: History<RateDecay>, quotient: Bool = true
  ) -> History<RateDecay> {
    let divided = history.since(
      "2.4.0", .quotient, "optimizer-decay-quotient", "the rate is divided at once")
    return (quotient ? divided : history)
      .since(
        "2.11.0", .refused, "optimizer-new-implementation-default",
        "the new optimizers refuse decay"
      )
      .since(
        "3.0.0", .ignored, "optimizer-decay-ignored-keras3", "decay is ignored, with a warning")
  }
}

extension Optimizer {
  /// What changed between releases in the rule and in what is composed around it.
  public var histories: [any AnyHistory] {
    type(of: rule).histories + [
      GradientClipping.history, RateDecay.history(for: name), AveragingStart.history,
      GradientSquares.history, SparseRows.history,
    ]
  }

  /// Fills in the release's forms and the rule's settings.
  ///
  /// - Throws: `HyperparameterError` for a value that cannot be used, or that the release refuses.
  public mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try check()
    try checkParts()
    try rule.resolve(under: semantics)
    weightDecay = weightDecay ?? rule.defaultWeightDecay
    remarks = []
    let isKeras = semantics.lineage == .keras || semantics.lineage == .tfKeras
    let clipping: GradientClipping =
      semantics.lineage == .torch ? .torch : GradientClipping.history.value(under: semantics)
    let decayForm =
      isKeras ? RateDecay.history(for: name).value(under: semantics) : RateDecay.quotient
    if decay != 0, decayForm == .refused {
      throw HyperparameterError(
        owner: name, setting: "decay", expected: "0 under \(semantics), which refuses it",
        found: "\(decay)")
    }
    if decay != 0, decayForm == .ignored {
      remarks.append("\(name): \(semantics) takes no notice of decay (\(decay)).")
    }
    if let clipValue, clipping == .globalNorm {
      remarks.append("\(name): \(semantics) takes no notice of clipValue (\(clipValue)).")
    }
    for index in parts.indices {
      try parts[index].optimizer.resolve(under: semantics)
      remarks += parts[index].optimizer.remarks
    }
    let counting = type(of: rule).stepCounting.value(under: semantics)
    forms = OptimizerForms(
      clipping: clipping, decay: decayForm,
      averaging: AveragingStart.history.value(under: semantics),
      countsSteps: counting == .always || counting == .onlyWithDecay && decay > 0,
      squares: GradientSquares.history.holds(on: semantics.backend)
        ? GradientSquares.history.value(under: semantics) : .ofSums,
      sparseRows: SparseRows.history.holds(on: semantics.backend)
        ? SparseRows.history.value(under: semantics) : .all)
  }

  private func check() throws(HyperparameterError) {
    try check("decay", decay, "at least 0") { $0 >= 0 }
    try check("weightDecay", weightDecay, "at least 0") { $0 >= 0 }
    for pattern in weightDecayExclusions {
      try check("weightDecayExclusions", pattern, "regular expressions") {
        (try? Regex($0)) != nil
      }
    }
    try check("averaging.momentum", averaging?.momentum, "between 0 and 1") { 0...1 ~= $0 }
    try check("averaging.overwriteFrequency", averaging?.overwriteFrequency, "at least 1") {
      $0 >= 1
    }
    try schedule?.check()
    try check("accumulationSteps", accumulationSteps, "at least 2") { $0 >= 2 }
  }

  private func check<Value>(
    _ setting: String, _ value: Value?, _ expected: String, _ isGood: (Value) -> Bool
  ) throws(HyperparameterError) {
    guard let value, !isGood(value) else { return }
    throw HyperparameterError(owner: name, setting: setting, expected: expected, found: "\(value)")
  }
}
