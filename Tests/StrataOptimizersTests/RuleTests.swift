import Foundation
import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor
import Testing

/// Steps worked out by hand.
@Suite struct RuleTests {
  /// The parameter after one step from 1 with gradient `g`, and its slots.
  private func step(
    _ rule: any OptimizerRule, _ semantics: Semantics, gradient g: Float,
    slots: [String: Float] = [:], step t: Float = 1
  ) throws -> (value: Float, slots: [String: Float]) {
    var rule = rule
    try rule.resolve(under: semantics)
    let given = rule.slots.map { ($0.name, Tensor(slots[$0.name] ?? $0.initialValue)) }
    let globals = rule.globals.map { ($0.name, Tensor($0.initialValue)) }
    let state = OptimizerState(
      step: Tensor(t), learningRate: Tensor(rule.learningRate ?? .nan),
      slots: Dictionary(uniqueKeysWithValues: given),
      globals: Dictionary(uniqueKeysWithValues: globals))
    let update = rule.update(Tensor(1), gradient: Tensor(g), state)
    return (try update.parameter.scalar(), try update.slots.mapValues { try $0.scalar() })
  }

  private func isClose(_ a: Float, _ b: Float, _ tolerance: Float = 1e-6) -> Bool {
    abs(a - b) <= tolerance
  }

  @Test func gradientDescentTakesTheRateTimesTheGradient() throws {
    #expect(try isClose(step(SGD(learningRate: 0.5), .keras("0.3.3"), gradient: 1).value, 0.5))
  }

  /// v = 0.5·0.2 − 0.1·1 = 0; Nesterov adds 0.5·0 − 0.1.
  @Test func momentumAndNesterov() throws {
    let plain = SGD(learningRate: 0.1, momentum: 0.5)
    let slots: [String: Float] = ["momentum": 0.2]
    let moved = try step(plain, .keras("0.3.3"), gradient: 1, slots: slots)
    #expect(isClose(moved.value, 1) && isClose(moved.slots["momentum"] ?? .nan, 0))
    let nesterov = SGD(learningRate: 0.1, momentum: 0.5, nesterov: true)
    #expect(try isClose(step(nesterov, .keras("0.3.3"), gradient: 1, slots: slots).value, 0.9))
  }

  /// m̂ = g and v̂ = g², so the first step is η·g / (|g| + …) ≈ η.
  @Test(arguments: ["0.1.3", "0.3.3", "1.2.0", "2.3.1", "2.10.0", "3.15.1"] as [Version])
  func adamsFirstStepHasTheSizeOfTheRate(_ version: Version) throws {
    let value = try step(Adam(learningRate: 0.1), .keras(version), gradient: 7).value
    #expect(isClose(value, 0.9))
  }

  /// Before 0.1.3 nothing was corrected in the long run: with m = g and v = g² the step is
  /// (g/0.1)/√(g²/0.001) = 0.316 of the rate.
  @Test func adamBefore013TakesAThirdOfTheStep() throws {
    let slots: [String: Float] = ["m": 2, "v": 4]
    let old = try step(
      Adam(learningRate: 1), .keras("0.1.2"), gradient: 2, slots: slots, step: 1000)
    #expect(isClose(old.value, 1 - 0.316_23, 1e-4))
    let new = try step(
      Adam(learningRate: 1), .keras("0.1.3"), gradient: 2, slots: slots, step: 100_000)
    #expect(isClose(new.value, 0, 1e-4))
  }

  /// With g = 1e-4: a = 1e-9; √(a + 1e-6) ≈ 1.0005e-3, but √a + 1e-8 ≈ 3.163e-5.
  @Test func rmspropsEpsilonMovesOutOfTheRootAndBack() throws {
    let rule = RMSprop(learningRate: 1)
    let inside = try step(rule, .keras("0.3.3"), gradient: 1e-4).value
    let outside = try step(rule, .keras("1.2.0"), gradient: 1e-4).value
    let insideAgain = try step(rule, .keras("3.15.1"), gradient: 1e-4).value
    #expect(isClose(inside, 1 - 0.099_95, 1e-4))
    #expect(isClose(outside, 1 - 3.161_3, 1e-3))
    #expect(isClose(insideAgain, 1 - 0.314_7, 1e-3))
  }

  /// a = 0.1 + 4 (2.4.0 on) or 4.
  @Test func adagradsAccumulatorStartsBelowZeroOnlyLater() throws {
    let rule = Adagrad(learningRate: 1)
    #expect(try isClose(step(rule, .keras("1.2.0"), gradient: 2).value, 0))
    let later = try step(rule, .keras("2.4.0"), gradient: 2).value
    #expect(isClose(later, 1 - 2 / Float(4.1).squareRoot(), 1e-5))
  }

  /// u = g·√ε/√(0.05·g² + ε).
  @Test func adadeltasFirstStepIsTheRootOfEpsilon() throws {
    let value = try step(Adadelta(learningRate: 1), .keras("0.3.3"), gradient: 1).value
    #expect(isClose(value, 1 - 1e-3 / Float(0.05).squareRoot(), 1e-5))
  }

  /// m = 0.1·g, u = |g|: η/(1 − 0.9)·0.1·g/|g| = η.
  @Test func adamaxsFirstStepHasTheSizeOfTheRate() throws {
    #expect(try isClose(step(Adamax(), .keras("0.3.3"), gradient: -3).value, 1.002))
  }

  /// The first step of the schedule: μ₁ ≈ 0.45, μ₂ ≈ 0.45, S = μ₁, m̄ = g + μ₂·0.1·g/(1 − μ₁μ₂).
  @Test func nadamsFirstStep() throws {
    let value = try step(Nadam(learningRate: 0.1), .keras("1.2.0"), gradient: 1).value
    let (mu, next): (Float, Float) = (0.450_073, 0.450_147)
    #expect(isClose(value, 1 - 0.1 * (1 + next * 0.1 / (1 - mu * next)), 1e-5))
  }

  @Test func lionTakesStepsOfOneSize() throws {
    #expect(try isClose(step(Lion(learningRate: 0.1), .keras("3.15.1"), gradient: 1e-5).value, 0.9))
  }

  /// The step is scaled to the parameter's length 1: θ − 0.1.
  @Test func lambScalesToTheParameter() throws {
    #expect(try isClose(step(Lamb(learningRate: 0.1), .keras("3.15.1"), gradient: 5).value, 0.9))
  }

  @Test func torchsAdagradHasNoAccumulatorAtFirst() throws {
    let rule = TorchAdagrad(learningRate: 1)
    #expect(try isClose(step(rule, .torch("2.13.0"), gradient: 2).value, 0))
  }

  @Test func defaultsFollowTheRelease() throws {
    let registry = OptimizerRegistry.builtIn
    func epsilon(_ name: String, _ version: Version) throws -> ConfigurationValue? {
      let rule = try registry.resolve(name, .keras(version))
      return (rule as? any Configurable)?.configuration["epsilon"]
    }
    #expect(try epsilon("adam", "0.3.3") == .number(1e-8))
    #expect(try epsilon("Adam", "2.1.3") == .number(1e-7))
    #expect(try epsilon("rmsprop", "0.3.3") == .number(1e-6))
    #expect(try epsilon("rmsprop", "1.0.3") == .number(1e-8))
    #expect(try registry.resolve("adadelta", .keras("2.3.1")).learningRate == 1)
    #expect(try registry.resolve("adadelta", .tfKeras("2.4.0")).learningRate == 0.001)
  }

  @Test func stepsAreNotCountedByEveryRule() throws {
    func counts(_ optimizer: Optimizer, _ version: Version) throws -> Bool {
      var copy = optimizer
      try copy.resolve(under: .keras(version))
      return copy.countsSteps
    }
    #expect(try counts(Optimizer(SGD()), "1.0.8"))
    #expect(try !counts(Optimizer(SGD()), "1.2.0"))
    #expect(try counts(SGD().decayed(by: 0.1), "1.2.0"))
    #expect(try !counts(Optimizer(RMSprop()), "0.3.3"))
    #expect(try counts(Optimizer(RMSprop()), "2.0.8"))
    #expect(try counts(Optimizer(Adam()), "1.2.0"))
  }
}
