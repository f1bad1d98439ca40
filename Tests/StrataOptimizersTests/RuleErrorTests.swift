import StrataCore
import StrataOptimizers
import StrataSemantics
import Testing

/// Every message, word for word.
@Suite struct RuleErrorTests {
  private func message(
    _ rule: any OptimizerRule, _ semantics: Semantics = .keras("3.15.1")
  )
    -> String?
  {
    var rule = rule
    do throws(HyperparameterError) {
      try rule.resolve(under: semantics)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func keras() {
    let cases: [(any OptimizerRule, String)] = [
      (Adam(learningRate: -1), "adam: learningRate must be finite and at least 0, but got -1.0."),
      (Adam(beta1: 2), "adam: beta1 must be between 0.0 and 1.0, but got 2.0."),
      (Adam(beta2: -0.5), "adam: beta2 must be between 0.0 and 1.0, but got -0.5."),
      (Adam(epsilon: -1), "adam: epsilon must be at least 0, but got -1.0."),
      (AdamW(beta1: 2), "adamw: beta1 must be between 0.0 and 1.0, but got 2.0."),
      (SGD(momentum: 1.5), "sgd: momentum must be between 0.0 and 1.0, but got 1.5."),
      (RMSprop(rho: 1.5), "rmsprop: rho must be between 0.0 and 1.0, but got 1.5."),
      (
        Adagrad(initialAccumulator: -1),
        "adagrad: initialAccumulator must be at least 0, but got -1.0."
      ),
      (Adadelta(rho: .nan), "adadelta: rho must be between 0.0 and 1.0, but got nan."),
      (Nadam(scheduleDecay: -1), "nadam: scheduleDecay must be at least 0, but got -1.0."),
      (Ftrl(learningRatePower: 1), "ftrl: learningRatePower must be at most 0, but got 1.0."),
      (Adafactor(clipThreshold: 0), "adafactor: clipThreshold must be above 0, but got 0.0."),
      (Muon(steps: 101), "muon: steps must be between 0 and 100, but got 101."),
      (ScheduleFreeAdamW(beta1: 0), "schedulefreeadamw: beta1 must be above 0, but got 0.0."),
    ]
    for (rule, expected) in cases { #expect(message(rule) == expected) }
  }

  @Test func rulesOfOneLineageRefuseTheOther() {
    #expect(
      message(Adam(), .torch("2.13.0"))
        == "adam: semantics must be of a Keras release or Strata's own, but got "
        + "torch-2.13.0+torch-2.13.0; torch's rules are TorchAdam and so on.")
    #expect(
      message(TorchAdam(), .keras("0.3.3"))
        == "adam: semantics must be of a torch release, but got keras-0.3.3+theano-0.9.0; "
        + "Keras's rule is Adam.")
  }

  @Test func unknownNamesAreListed() {
    let error = #expect(throws: UnknownNameError.self) {
      try OptimizerRegistry.builtIn.resolve("adma", .torch("2.13.0"))
    }
    #expect(
      error?.description == "optimizer: expected one of adadelta, adafactor, adagrad, adam, "
        + "adamax, adamw, asgd, nadam, radam, rmsprop, rprop, sgd, but got \"adma\".")
  }
}
