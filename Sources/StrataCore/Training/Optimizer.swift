public import StrataSemantics
public import StrataTensor

/// An update rule with what is composed around it; this is what `compile` takes.
///
/// Around a rule stand clipping, decay of the rate, decay and averages of the weights.
///
///     Adam().clipped(norm: 1)        SGD(learningRate: 0.1, momentum: 0.9).decayed(by: 1e-3)
///
/// An option that a release did not have takes the form of the first release that had it, except
/// where the release refused it (`HyperparameterError`) or took no notice of it (`remarks`).
public struct Optimizer: Sendable {
  public var rule: any OptimizerRule
  /// Keras's `clipnorm`: the norm of all gradients together until 2.3.1, of each one since 2.4.0.
  public var clipNorm: Float?
  /// Keras's `clipvalue`: a limit for each element.
  public var clipValue: Float?
  /// Keras's `global_clipnorm`: the norm of all gradients together.
  public var globalClipNorm: Float?
  /// A rate that follows from the number of updates, in the place of the rule's.
  public var schedule: (any LearningRateSchedule)?
  /// Keras's `decay`: the rate is divided by `1 + decay·iterations`.
  public var decay: Float
  /// Keras's `weight_decay`: before the step, `θ ← θ − θ·weightDecay·η`, without the parameters left out.
  public var weightDecay: Float?
  /// Which parameters `weightDecay` leaves alone: those in whose path, such as `dense_1/bias`, one of
  /// these regular expressions is found (Keras's `exclude_from_weight_decay(var_names=)`).
  public var weightDecayExclusions: [String]
  /// Optimizers of some of the parameters, in the place of this one (Keras 3's `MultiOptimizer`).
  public var parts: [OptimizerPart] = []
  /// Keras's `use_ema`: running averages of the parameters.
  public var averaging: WeightAveraging?
  /// Keras's `gradient_accumulation_steps`: one update for the mean gradient of so many steps.
  public var accumulationSteps: Int?

  /// The forms of the release; nil until `resolve(under:)`.
  public internal(set) var forms: OptimizerForms?
  /// What the release took no notice of, in words.
  public internal(set) var remarks: [String] = []

  public init(
    _ rule: any OptimizerRule, clipNorm: Float? = nil, clipValue: Float? = nil,
    globalClipNorm: Float? = nil, decay: Float = 0, weightDecay: Float? = nil,
    averaging: WeightAveraging? = nil, accumulationSteps: Int? = nil,
    schedule: (any LearningRateSchedule)? = nil, weightDecayExclusions: [String] = []
  ) {
    self.rule = rule
    self.clipNorm = clipNorm
    self.clipValue = clipValue
    self.globalClipNorm = globalClipNorm
    self.decay = decay
    self.weightDecay = weightDecay
    self.averaging = averaging
    self.accumulationSteps = accumulationSteps
    self.schedule = schedule
    self.weightDecayExclusions = weightDecayExclusions
  }

  /// The registry's name of the rule.
  public var name: String { type(of: rule).name }

  /// Whether the step counter increases; some releases left it at 0.
  public var countsSteps: Bool { forms?.countsSteps ?? true }

  /// The state kept for each parameter: the rule's slots, then those of the composition.
  public var slots: [SlotSpec] { rule.slots + compositionSlots }

  /// The state kept for a parameter of a shape.
  public func slots(for shape: Shape) -> [SlotSpec] { rule.slots(for: shape) + compositionSlots }

  private var compositionSlots: [SlotSpec] {
    (averaging == nil ? [] : [SlotSpec(Self.averageSlot)])
      + (accumulationSteps == nil ? [] : [SlotSpec(Self.accumulatorSlot)])
  }

  /// The state kept once.
  public var globals: [SlotSpec] { rule.globals + globalsOfParts }

  package static let averageSlot = "average"
  package static let accumulatorSlot = "gradient_accumulator"
}

/// Running averages of the parameters: `a ← momentum·a + (1−momentum)·θ` after each step.
public struct WeightAveraging: Sendable, Hashable, Codable {
  public var momentum: Double
  /// The parameters are replaced by their averages every so many steps; nil: at the end of `fit`.
  public var overwriteFrequency: Int?

  public init(momentum: Double = 0.99, overwriteFrequency: Int? = nil) {
    self.momentum = momentum
    self.overwriteFrequency = overwriteFrequency
  }
}

extension Optimizer: Equatable {
  public static func == (a: Optimizer, b: Optimizer) -> Bool {
    areEqual(a.rule, b.rule) && a.clipNorm == b.clipNorm && a.clipValue == b.clipValue
      && a.globalClipNorm == b.globalClipNorm && a.decay == b.decay
      && a.weightDecay == b.weightDecay && a.weightDecayExclusions == b.weightDecayExclusions
      && a.averaging == b.averaging
      && a.accumulationSteps == b.accumulationSteps && areEqual(a.schedule, b.schedule)
      && a.forms == b.forms && a.parts == b.parts
  }

  private static func areEqual<Rule: OptimizerRule>(_ a: Rule, _ b: any OptimizerRule) -> Bool {
    (b as? Rule) == a
  }
}

extension OptimizerRule {
  /// The rule with its gradients clipped.
  public func clipped(
    norm: Float? = nil, value: Float? = nil, globalNorm: Float? = nil
  ) -> Optimizer {
    Optimizer(self).clipped(norm: norm, value: value, globalNorm: globalNorm)
  }
  /// The rule with its rate divided by `1 + decay·iterations`.
  public func decayed(by decay: Float) -> Optimizer { Optimizer(self).decayed(by: decay) }
  /// The rule with its weights decayed before each step, but for those in whose paths one of the
  /// regular expressions is found.
  public func weightDecayed(by decay: Float, excluding patterns: [String] = []) -> Optimizer {
    Optimizer(self).weightDecayed(by: decay, excluding: patterns)
  }
  /// The rule whose decay of weights leaves some of them alone; see `Optimizer`.
  public func excludingFromWeightDecay(_ patterns: [String]) -> Optimizer {
    Optimizer(self).excludingFromWeightDecay(patterns)
  }
  /// The rule with running averages of the parameters.
  public func averaged(momentum: Double = 0.99, overwriteFrequency: Int? = nil) -> Optimizer {
    Optimizer(self).averaged(momentum: momentum, overwriteFrequency: overwriteFrequency)
  }
}

extension Optimizer {
  public func clipped(
    norm: Float? = nil, value: Float? = nil, globalNorm: Float? = nil
  ) -> Optimizer {
    var copy = self
    copy.clipNorm = norm ?? clipNorm
    copy.clipValue = value ?? clipValue
    copy.globalClipNorm = globalNorm ?? globalClipNorm
    return copy
  }
  public func decayed(by decay: Float) -> Optimizer {
    var copy = self
    copy.decay = decay
    return copy
  }
  public func weightDecayed(by decay: Float, excluding patterns: [String] = []) -> Optimizer {
    excludingFromWeightDecay(patterns).with { $0.weightDecay = decay }
  }
  /// The optimizer whose decay of weights, a rule's own too, leaves alone the parameters in whose
  /// paths one of the regular expressions is found: `AdamW().excludingFromWeightDecay(["bias"])`.
  public func excludingFromWeightDecay(_ patterns: [String]) -> Optimizer {
    with { $0.weightDecayExclusions += patterns }
  }
  private func with(_ change: (inout Optimizer) -> Void) -> Optimizer {
    var copy = self
    change(&copy)
    return copy
  }

  /// Whether `weightDecay` concerns the parameter of a path.
  package func decaysWeight(_ path: String) -> Bool {
    !weightDecayExclusions.contains { pattern in
      (try? Regex(pattern)).map { path.contains($0) } ?? false
    }
  }

  public func averaged(momentum: Double = 0.99, overwriteFrequency: Int? = nil) -> Optimizer {
    var copy = self
    copy.averaging = WeightAveraging(momentum: momentum, overwriteFrequency: overwriteFrequency)
    return copy
  }
}
