import StrataCore
import StrataSemantics
import StrataTensor
import Testing

/// `θ ← θ − η·g`, with a slot that counts steps and a state that shows what it was given.
private struct PlainRule: OptimizerRule {
  static let name = "sgd"
  static let className = "SGD"
  var learningRate: Float? = 1
  mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {}
  var slots: [SlotSpec] { [SlotSpec("count")] }
  func update(
    _ parameter: Tensor, gradient: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    ParameterUpdate(
      parameter - state.learningRate * gradient, slots: ["count": state["count"] + 1])
  }
}

@Suite struct OptimizerTests {
  private func step(
    _ optimizer: Optimizer, _ parameters: [OptimizerInput.Parameter], rate: Float = 1,
    step: Float = 1
  ) -> OptimizerOutput {
    optimizer.step(
      OptimizerInput(parameters: parameters, learningRate: Tensor(rate), step: Tensor(step)))
  }

  private func parameter(
    _ values: [Float], gradient: [Float], constraint: Constraint? = nil,
    slots: [String: Tensor] = [:], isDecayed: Bool = true
  ) -> OptimizerInput.Parameter {
    let zero = Tensor.zeros([values.count])
    return OptimizerInput.Parameter(
      value: Tensor(values, shape: [values.count]),
      gradient: Tensor(gradient, shape: [gradient.count]), constraint: constraint,
      slots: ["count": zero].merging(slots) { $1 }, isDecayed: isDecayed)
  }

  private func resolved(_ optimizer: Optimizer, _ semantics: Semantics) throws -> Optimizer {
    var copy = optimizer
    try copy.resolve(under: semantics)
    return copy
  }

  /// The gradients 3 and 4 have the norm 5 together: 2.3.1 scales both to a norm of 1; later each
  /// one by its own.
  @Test(
    arguments: [
      ("0.3.3", [-0.6, -0.8]), ("2.3.1", [-0.6, -0.8]), ("2.4.0", [-1, -1]), ("3.15.1", [-1, -1]),
    ] as [(Version, [Float])])
  func clipNormIsGlobalUntil23(_ version: Version, _ expected: [Float]) throws {
    let optimizer = try resolved(PlainRule().clipped(norm: 1), .keras(version))
    let output = step(
      optimizer, [parameter([0], gradient: [3]), parameter([0], gradient: [4])])
    #expect(try output.parameters.map { try $0.parameter.floats()[0] } == expected)
  }

  /// Of clipnorm 2 and clipvalue 1 on (3, 4): both up to 2.10, only the norm from 2.11 on, and no
  /// clipvalue before 0.2.
  @Test(
    arguments: [
      ("0.1.3", [-1.2, -1.6]), ("0.3.3", [-1, -1]), ("2.4.0", [-1, -1]),
      ("2.11.0", [-1.2, -1.6]),
    ] as [(Version, [Float])])
  func clipNormAndValueCombineByRelease(_ version: Version, _ expected: [Float]) throws {
    let optimizer = try resolved(PlainRule().clipped(norm: 2, value: 1), .keras(version))
    let output = step(optimizer, [parameter([0, 0], gradient: [3, 4])])
    #expect(try output.parameters[0].parameter.floats() == expected)
  }

  @Test func exclusionsOfWeightDecayAreSoughtInPaths() throws {
    let optimizer = PlainRule().weightDecayed(by: 0.1, excluding: ["bias", "^norm"])
    let paths = ["dense/kernel", "dense/bias", "norm_1/gamma", "a_norm/gamma"]
    #expect(paths.map(optimizer.decaysWeight) == [true, false, false, true])
    let error = #expect(throws: HyperparameterError.self) {
      try resolved(optimizer.excludingFromWeightDecay(["("]), .strata)
    }
    #expect(
      error?.description
        == "sgd: weightDecayExclusions must be regular expressions, but got (.")
  }

  @Test func gradientsBelowTheNormStayAsTheyAre() throws {
    for version in ["2.3.1", "2.4.0", "3.0.0"] as [Version] {
      let optimizer = try resolved(PlainRule().clipped(norm: 10), .keras(version))
      let output = step(optimizer, [parameter([0], gradient: [3])])
      #expect(try output.parameters[0].parameter.floats() == [-3])
    }
  }

  /// At step 3 two steps are done: 1/(1 + 0.5·2) = ½.
  @Test func decayDividesTheRateByStepsDone() throws {
    let optimizer = try resolved(PlainRule().decayed(by: 0.5), .keras("1.2.0"))
    let output = step(optimizer, [parameter([0], gradient: [1])], step: 3)
    #expect(try output.parameters[0].parameter.floats() == [-0.5])
  }

  @Test func decayIsIgnoredInKeras3AndSaysSo() throws {
    let optimizer = try resolved(PlainRule().decayed(by: 0.5), .keras("3.15.1"))
    #expect(
      optimizer.remarks
        == ["sgd: keras-3.15.1+tensorflow-2.21.0 takes no notice of decay (0.5)."])
    let output = step(optimizer, [parameter([0], gradient: [1])], step: 3)
    #expect(try output.parameters[0].parameter.floats() == [-1])
  }

  @Test func decayIsRefusedByTheNewOptimizersOfTFKeras() {
    let error = #expect(throws: HyperparameterError.self) {
      try resolved(PlainRule().decayed(by: 0.5), .tfKeras("2.15.0"))
    }
    #expect(
      error?.description == "sgd: decay must be 0 under tf.keras-2.15.0+tensorflow-2.15.0, "
        + "which refuses it, but got 0.5.")
  }

  @Test func weightDecayLeavesOutWhatIsExcluded() throws {
    let optimizer = try resolved(PlainRule().weightDecayed(by: 0.5), .keras("3.15.1"))
    let output = step(
      optimizer,
      [
        parameter([8], gradient: [0]), parameter([8], gradient: [0], isDecayed: false),
      ], rate: 0.5)
    #expect(try output.parameters.map { try $0.parameter.floats()[0] } == [6, 8])
  }

  /// θ goes 4 → 3; the average with momentum ½ starts from 4 in tf.keras, from 3 in Keras 3.
  @Test(arguments: [("2.15.0", 3.5), ("3.0.0", 3)] as [(Version, Float)])
  func theFirstAverageFollowsTheRelease(_ version: Version, _ expected: Float) throws {
    let optimizer = try resolved(PlainRule().averaged(momentum: 0.5), .keras(version))
    let output = step(
      optimizer, [parameter([4], gradient: [1], slots: ["average": .zeros([1])])])
    #expect(try output.parameters[0].slots["average"]?.floats() == [expected])
    #expect(try output.parameters[0].parameter.floats() == [3])
  }

  @Test func averagesOverwriteEveryFewSteps() throws {
    let rule = PlainRule().averaged(momentum: 0.5, overwriteFrequency: 2)
    let optimizer = try resolved(rule, .keras("3.15.1"))
    let input = parameter([4], gradient: [1], slots: ["average": Tensor([1], shape: [1])])
    #expect(try step(optimizer, [input], step: 3).parameters[0].parameter.floats() == [3])
    #expect(try step(optimizer, [input], step: 4).parameters[0].parameter.floats() == [2])
  }

  @Test func accumulationUpdatesWithTheMeanGradient() throws {
    var optimizer = Optimizer(PlainRule(), accumulationSteps: 2)
    try optimizer.resolve(under: .keras("3.15.1"))
    let slots = ["gradient_accumulator": Tensor([3], shape: [1])]
    let input = parameter([0], gradient: [1], slots: slots)
    let first = step(optimizer, [input], step: 1).parameters[0]
    #expect(try first.parameter.floats() == [0])
    #expect(try first.slots["gradient_accumulator"]?.floats() == [4])
    #expect(try first.slots["count"]?.floats() == [0])
    let second = step(optimizer, [input], step: 2).parameters[0]
    #expect(try second.parameter.floats() == [-2])
    #expect(try second.slots["gradient_accumulator"]?.floats() == [0])
    #expect(try second.slots["count"]?.floats() == [1])
  }

  @Test func constraintsComeAfterTheStep() throws {
    let optimizer = try resolved(Optimizer(PlainRule()), .keras("0.3.3"))
    let output = step(optimizer, [parameter([1], gradient: [2], constraint: .nonNegative)])
    #expect(try output.parameters[0].parameter.floats() == [0])
  }

  @Test func badSettingsNameOwnerSettingAndValue() {
    let cases: [(Optimizer, String)] = [
      (PlainRule().decayed(by: -1), "sgd: decay must be at least 0, but got -1.0."),
      (PlainRule().weightDecayed(by: -1), "sgd: weightDecay must be at least 0, but got -1.0."),
      (
        PlainRule().averaged(momentum: 2),
        "sgd: averaging.momentum must be between 0 and 1, but got 2.0."
      ),
      (
        PlainRule().averaged(overwriteFrequency: 0),
        "sgd: averaging.overwriteFrequency must be at least 1, but got 0."
      ),
      (
        Optimizer(PlainRule(), accumulationSteps: 1),
        "sgd: accumulationSteps must be at least 2, but got 1."
      ),
    ]
    for (optimizer, message) in cases {
      let error = #expect(throws: HyperparameterError.self) {
        try resolved(optimizer, .keras("1.2.0"))
      }
      #expect(error?.description == message)
    }
  }

  @Test func optimizersAreEqualOnlyWithEqualRulesAndOptions() {
    #expect(PlainRule().clipped(norm: 1) == PlainRule().clipped(norm: 1))
    #expect(PlainRule().clipped(norm: 1) != PlainRule().clipped(norm: 2))
    #expect(Optimizer(PlainRule(learningRate: 1)) != Optimizer(PlainRule(learningRate: 2)))
  }
}
