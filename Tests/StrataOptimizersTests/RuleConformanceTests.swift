import Foundation
import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor
import Testing

/// What every rule must do, run for each built-in under several releases.
@Suite struct RuleConformanceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var semantics: Semantics
    var testDescription: String { "\(name) under \(semantics)" }
  }

  static let cases: [Case] =
    OptimizerRegistry.builtIn.keras.names.flatMap { name in
      ["0.3.3", "1.2.0", "2.3.1", "2.10.0", "3.15.1"].map {
        Case(name: name, semantics: .keras($0))
      }
    }
    + OptimizerRegistry.builtIn.torch.names.map {
      Case(name: $0, semantics: .torch("2.13.0"))
    }

  private func optimizer(_ item: Case) throws -> Optimizer {
    var optimizer = Optimizer(
      try OptimizerRegistry.builtIn.rule(item.name, item.semantics))
    try optimizer.resolve(under: item.semantics)
    return optimizer
  }

  /// 100 steps of ½·Σ(θ − 1)² from (3, −2; 1, 0), the gradient being θ − 1.
  @Test(arguments: cases)
  func lowersAConvexLoss(_ item: Case) throws {
    var optimizer = try optimizer(item)
    // Defaults are small; Adadelta and Muon are limited by their form.
    optimizer.rule.learningRate = item.name == "sgd" || item.name == "adadelta" ? 0.5 : 0.05
    var value = Tensor([3, -2, 1, 0], shape: [2, 2])
    let before = try loss(value)
    var slots = Dictionary(
      uniqueKeysWithValues: optimizer.slots(for: value.shape).map {
        ($0.name, $0.initial(for: value))
      })
    var globals = Dictionary(
      uniqueKeysWithValues: optimizer.globals.map { ($0.name, Tensor($0.initialValue)) })
    for step in 1...100 {
      let input = OptimizerInput(
        parameters: [.init(value: value, gradient: value - 1, slots: slots)], globals: globals,
        learningRate: Tensor(optimizer.rule.learningRate ?? .nan), step: Tensor(Float(step)))
      let output = optimizer.step(input)
      #expect(Set(output.parameters[0].slots.keys) == Set(slots.keys))
      #expect(Set(output.globals.keys) == Set(globals.keys))
      value = output.parameters[0].parameter
      slots = output.parameters[0].slots
      globals = output.globals
    }
    #expect(try loss(value) < before)
  }

  private func loss(_ value: Tensor) throws -> Float {
    try (value - 1).square().sum().scalar()
  }

  @Test(arguments: cases)
  func resolvingTwiceChangesNothing(_ item: Case) throws {
    let once = try optimizer(item)
    var twice = once
    try twice.resolve(under: item.semantics)
    #expect(once == twice)
  }

  @Test(arguments: cases)
  func settingsSurviveTheirConfiguration(_ item: Case) throws {
    let rule = try optimizer(item).rule
    let configurable = try #require(rule as? any Configurable)
    let (copy, unknown) = try OptimizerRegistry.builtIn.optimizer(
      item.name, configuration: configurable.configuration, item.semantics)
    #expect(unknown.isEmpty)
    let again = try #require(copy.rule as? any Configurable)
    #expect(again.configuration == configurable.configuration)
  }

  @Test(arguments: cases)
  func survivesCoding(_ item: Case) throws {
    func roundTrip<Rule: OptimizerRule>(_ rule: Rule) throws {
      let data = try JSONEncoder().encode(rule)
      #expect(try JSONDecoder().decode(Rule.self, from: data) == rule)
    }
    try roundTrip(try optimizer(item).rule)
  }

  @Test func unknownKeysAreReported() throws {
    let result = try OptimizerRegistry.builtIn.optimizer(
      "Adam", configuration: ["lr": .number(0.1), "beta_3": .number(1)], .keras("1.2.0"))
    #expect(result.unknownKeys == ["beta_3"])
    #expect(result.optimizer.rule.learningRate == 0.1)
  }

  @Test func everyRuleFileIsRegistered() throws {
    let rules = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/StrataOptimizers/Rules")
    func types(_ folder: URL) throws -> Set<String> {
      Set(
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
          .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) })
    }
    func types(_ registry: Registry<any OptimizerRule>) -> Set<String> {
      Set(registry.names.compactMap { registry[$0] }.map { "\(type(of: $0))" })
    }
    #expect(try types(rules) == types(OptimizerRegistry.builtIn.keras))
    #expect(try types(rules.appending(path: "Torch")) == types(OptimizerRegistry.builtIn.torch))
  }

  @Test func settingsOfHistoriesAreInOrder() {
    for name in OptimizerRegistry.builtIn.keras.names {
      guard let rule = OptimizerRegistry.builtIn.keras[name] else { continue }
      let histories = Optimizer(rule).histories
      #expect(!histories.isEmpty)
      for history in histories {
        let versions = history.timeline.map(\.since)
        #expect(versions == versions.sorted(), "\(history.setting)")
      }
    }
  }
}
