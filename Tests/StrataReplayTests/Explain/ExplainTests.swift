import Foundation
import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataReplay
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@Suite struct ExplainTests {
  /// The rows of "between 0.3.3 and 1.2.0" that concern what exists.
  private static let rows = [
    "fit-batch-size-default-128-to-32", "fit-epochs-default",
    "rmsprop-adagrad-epsilon-outside-sqrt", "adadelta-epsilon-1e-6-to-1e-8",
    "init-lstm-gru-recurrent-kernels-use-init", "activity-regularizer-batch-mean-to-sum",
    "init-conv-fan-out-receptive-field", "batchnorm-epsilon-1e-5", "batchnorm-epsilon-1e-3",
    "batchnorm-momentum-0-99", "batchnorm-running-std-becomes-variance",
    "embedding-dropout-inverted", "regularizers-in-validation-loss",
    "earlystopping-reset-on-train-begin", "validation-split-class-weight",
    "optimizer-unknown-kwargs-rejected", "accuracy-auto-binary-crossentropy",
  ]

  @Test func listsTheRowsBetween033And120() throws {
    let comparison = try ReleaseComparison(from: .keras("0.3.3"), to: .keras("1.2.0"))
    let ids = Set(comparison.units.flatMap { $0.changes.map(\.id) })
    for row in Self.rows { #expect(ids.contains(row), "\(row)") }
    #expect(!comparison.units.contains { $0.setting.hasPrefix("adam.") })
  }

  @Test(arguments: ["keras-0.3.3", "keras-1.2.0", "tf.keras-2.15.0", "keras-3.15.1", "strata"])
  func aReleaseDoesNotDifferFromItself(_ release: String) throws {
    let semantics = try Semantics(parsing: release)
    let comparison = try ReleaseComparison(from: semantics, to: semantics)
    #expect(comparison.units.isEmpty)
  }

  /// There and back the same units, with the values the other way round.
  @Test func theWayBackIsTheSame() throws {
    let there: [ChangeUnit] = try ReleaseComparison(from: .keras("0.3.3"), to: .keras("3.15.1"))
      .units
    let back: [ChangeUnit] = try ReleaseComparison(from: .keras("3.15.1"), to: .keras("0.3.3"))
      .units
    #expect(there.map(\.setting) == back.map(\.setting))
    #expect(there.map(\.from) == back.map(\.to))
    #expect(there.map(\.changes).dropLast() == back.map(\.changes).dropLast())
  }

  @Test func torchHasALineOfItsOwn() throws {
    let error = #expect(throws: IncomparableReleases.self) {
      try ReleaseComparison(from: .torch("2.13.0"), to: .keras("1.2.0"))
    }
    #expect(error?.description.contains("torch") == true)
  }

  @Test func anotherBackendIsAUnit() throws {
    let from = Semantics.keras("1.2.0", backend: .theano("0.8.2"))
    let units = try ReleaseComparison(from: from, to: .keras("1.2.0")).units
    #expect(units.map(\.setting) == ["backend"])
    #expect(units.first?.changes.map(\.id) == ["backend-batchnorm-kernel"])
    let tensorflow = Semantics.keras("1.2.0", backend: .tensorflow("1.15.0"))
    let ids = try ReleaseComparison(from: .keras("1.2.0"), to: tensorflow).units
      .flatMap { $0.changes.map(\.id) }
    #expect(ids.contains("backend-relu-derivative-at-0"))
  }

  // MARK: With a training

  private func run(
    _ layers: [any Layer], rule: any OptimizerRule = Adam(), epochs: Int? = 1,
    batchSize: Int? = 8
  ) throws -> RunFile {
    var random = Philox(seed: 3, name: "samples")
    let data = Dataset(
      Tensor(random.normal(count: 96), shape: [16, 6]),
      Tensor((0..<32).map { $0 % 2 == 0 ? 1 : 0 }, shape: [16, 2]))
    var definition = Sequential(input: [6])
    for layer in layers { definition.add(layer) }
    let model = try Model(definition, semantics: .keras("0.3.3"), seed: 5)
    try model.compile(optimizer: rule, loss: CategoricalCrossentropy(), metrics: [.accuracy])
    var options = FitOptions()
    options.epochs = epochs ?? nil
    options.batchSize = batchSize
    options.verbosity = .silent
    options.validationData = data
    return try #require(try model.record(data, options, includesData: true).1)
  }

  private let softmax = Dense(units: 2, activation: .softmax)

  private func explain(_ run: RunFile, to release: Version = "1.2.0") throws -> RunExplanation {
    try RunExplanation(TrainingDescription(run), from: .keras("0.3.3"), to: .keras(release))
  }

  @Test func actualValuesWithNames() throws {
    let explanation = try explain(try run([BatchNormalization(), softmax]))
    let details = explanation.changes.flatMap(\.details)
    #expect(
      details.contains {
        $0.place == "BatchNormalization batchnormalization_1" && $0.name == "epsilon"
          && $0.from == "1e-06" && $0.to == "0.001"
      })
    #expect(!explanation.changes.contains { $0.unit.setting.hasPrefix("lstm.") })
    #expect(!explanation.changes.contains { $0.unit.setting == "loss.penaltiesInValidation" })
  }

  @Test func whatTheRunChoseDoesNotApply() throws {
    let chosen = BatchNormalization(momentum: 0.5, epsilon: 0.01)
    let explanation = try explain(try run([chosen, softmax]))
    let settings = explanation.changes.map(\.unit.setting)
    #expect(!settings.contains("batchNormalization.epsilon"))
    #expect(!settings.contains("fit.batchSize"))
    #expect(settings.contains("batchNormalization.formula"))
    #expect(explanation.withoutEffect.map(\.setting).contains("batchNormalization.epsilon"))
  }

  @Test func defaultsOfFitAreNamed() throws {
    let explanation = try explain(try run([softmax], batchSize: nil))
    let change = try #require(explanation.changes.first)
    #expect(explanation.changes.map(\.unit.setting) == ["fit.batchSize"])
    let detail = ExplainedChange.Detail(
      place: "fit", name: "batchSize", from: "128", to: "32")
    #expect(change.details == [detail])
  }

  @Test func adamWithNothingElseIsUnchanged() throws {
    let explanation = try explain(try run([softmax]))
    #expect(explanation.changes.isEmpty)
  }

  @Test func initialDrawsAreFollowed() throws {
    let drawn = try explain(try run([Dense(units: 3), Dropout(rate: 0.5), softmax])).changes
    #expect(drawn.map(\.unit.setting) == ["dropout.seeding"])
    #expect(drawn.first?.details.isEmpty == false)
  }

  // MARK: Rules

  @Test func rulesAreFormulas() throws {
    let adam = try RuleExplanation("adam", under: .keras("1.2.0"))
    #expect(adam.equation.last == "θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε)")
    #expect(adam.settings.first { $0.name == "epsilon" }?.value == "1e-08")
    let old = try RuleExplanation("rmsprop", under: .keras("0.3.3")).equation
    let new = try RuleExplanation("rmsprop", under: .keras("1.2.0")).equation
    #expect(old.last == "θ ← θ − η·g / √(a + ε)")
    #expect(new.last == "θ ← θ − η·g / (√a + ε)")
  }

  @Test func everyRuleHasAnEquation() throws {
    for name in OptimizerRegistry.builtIn.keras.names {
      let rule = try RuleExplanation(name, under: .strata)
      #expect(!rule.equation.isEmpty, "\(name)")
    }
    for name in OptimizerRegistry.builtIn.torch.names {
      let rule = try RuleExplanation(name, under: .torch("2.13.0"))
      #expect(!rule.equation.isEmpty, "\(name)")
    }
  }
}
