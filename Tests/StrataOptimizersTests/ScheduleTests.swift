import Foundation
import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor
import Testing

/// Rates worked out by hand; recorded ones are among the traces of optimizers.
@Suite struct ScheduleTests {
  private func rates(_ schedule: any LearningRateSchedule, _ steps: [Int]) throws -> [Float] {
    try steps.map { try schedule.rate(at: Tensor(Float($0))).scalar() }
  }

  private func areClose(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 }
  }

  @Test func exponentialDecayHalvesEveryTenUpdates() throws {
    var schedule = ExponentialDecay(initialRate: 0.8, decaySteps: 10, decayRate: 0.25)
    #expect(areClose(try rates(schedule, [0, 5, 10]), [0.8, 0.4, 0.2]))
    schedule.staircase = true
    #expect(areClose(try rates(schedule, [0, 9, 10]), [0.8, 0.8, 0.2]))
  }

  @Test func inverseTimeDecay() throws {
    var schedule = InverseTimeDecay(initialRate: 1, decaySteps: 4, decayRate: 0.5)
    #expect(areClose(try rates(schedule, [0, 8]), [1, 0.5]))
    schedule.staircase = true
    #expect(areClose(try rates(schedule, [3, 4]), [1, 1 / 1.5]))
  }

  /// A boundary belongs to the range before it, and is cut to a whole number.
  @Test func piecewiseConstantDecay() throws {
    let schedule = PiecewiseConstantDecay(boundaries: [3, 5.9], values: [1, 0.5, 0.1])
    #expect(try rates(schedule, [0, 3, 4, 5, 6]) == [1, 1, 0.5, 0.5, 0.1])
  }

  @Test func polynomialDecayEndsOrStartsAgain() throws {
    var schedule = PolynomialDecay(initialRate: 1.1, decaySteps: 10, endRate: 0.1, power: 2)
    #expect(areClose(try rates(schedule, [0, 5, 10, 12]), [1.1, 0.35, 0.1, 0.1]))
    schedule.cycle = true
    #expect(areClose(try rates(schedule, [0, 10, 15, 20]), [1.1, 0.1, 0.0625 + 0.1, 0.1]))
  }

  @Test func cosineDecayRisesFirst() throws {
    let plain = CosineDecay(initialRate: 1, decaySteps: 10, alpha: 0.2)
    #expect(areClose(try rates(plain, [0, 5, 10, 99]), [1, 0.6, 0.2, 0.2]))
    let risen = CosineDecay(initialRate: 0, decaySteps: 10, warmupTarget: 1, warmupSteps: 4)
    #expect(areClose(try rates(risen, [0, 2, 4, 9, 14]), [0, 0.5, 1, 0.5, 0]))
  }

  /// Falls of 4 and 8 updates; the second starts at half the height.
  @Test func cosineDecayRestarts() throws {
    let schedule = CosineDecayRestarts(initialRate: 1, firstDecaySteps: 4, rateFactor: 0.5)
    #expect(areClose(try rates(schedule, [0, 2, 4, 8]), [1, 0.5, 0.5, 0.25]))
    let even = CosineDecayRestarts(initialRate: 1, firstDecaySteps: 4, periodFactor: 1)
    #expect(areClose(try rates(even, [4, 6, 8]), [1, 0.5, 1]))
  }

  @Test func linearCosineDecay() throws {
    let schedule = LinearCosineDecay(initialRate: 2, decaySteps: 10, beta: 0.1)
    #expect(areClose(try rates(schedule, [0, 5, 10]), [2.2, 0.7, 0.2]))
  }

  /// Without variance it is the plain fall; with it, one seed gives one row of rates.
  @Test func noisyLinearCosineDecay() throws {
    var schedule = NoisyLinearCosineDecay(
      initialRate: 2, decaySteps: 10, variance: 0, beta: 0.1, seed: 3)
    #expect(areClose(try rates(schedule, [0, 5, 10]), [2.2, 0.7, 0.2]))
    schedule.variance = 0.01
    let noisy = try rates(schedule, [0, 5, 6, 7])
    #expect(try noisy == rates(schedule, [0, 5, 6, 7]))
    // The noise at step 0 has a deviation of 0.1; what it does is twice that.
    #expect(abs(noisy[0] - 2.2) > 1e-4 && abs(noisy[0] - 2.2) < 1)
    schedule.seed = 4
    #expect(try rates(schedule, [0, 5, 6, 7]) != noisy)
  }

  @Test func oneCycleMovesTheMomentumTheOtherWay() throws {
    let schedule = TorchOneCycle(maxRate: 1, totalSteps: 10, risePart: 0.5)
    let rates = try rates(schedule, [0, 4, 9])
    #expect(areClose(rates, [0.04, 1, 4e-6]))
    let momenta = try [0, 4, 9].map {
      try schedule.momentum(at: Tensor(Float($0)))?.scalar() ?? .nan
    }
    #expect(areClose(momenta, [0.95, 0.85, 0.95]))
  }

  /// torch's schedules of steps, factors and waves, by their formulas.
  @Test func torchSchedules() throws {
    let step = TorchStepDecay(initialRate: 1, stepSize: 3, gamma: 0.5)
    #expect(areClose(try rates(step, [0, 2, 3, 6]), [1, 1, 0.5, 0.25]))
    let milestones = TorchMultiStepDecay(initialRate: 1, milestones: [4, 2, 4], gamma: 0.5)
    #expect(areClose(try rates(milestones, [1, 2, 3, 4]), [1, 0.5, 0.5, 0.125]))
    let constant = TorchConstantFactor(initialRate: 3, steps: 2)
    #expect(areClose(try rates(constant, [0, 1, 2]), [1, 1, 3]))
    let linear = TorchLinearFactor(initialRate: 2, startFactor: 0.25, steps: 4)
    #expect(areClose(try rates(linear, [0, 2, 4, 9]), [0.5, 1.25, 2, 2]))
    let exponential = TorchExponentialDecay(initialRate: 2, gamma: 0.9)
    #expect(areClose(try rates(exponential, [0, 1, 2]), [2, 1.8, 1.62]))
    let polynomial = TorchPolynomialDecay(initialRate: 2, steps: 4, power: 2)
    #expect(areClose(try rates(polynomial, [0, 2, 4, 5]), [2, 0.5, 0, 0]))
    // Down in 4 steps, up again in 4.
    let wave = TorchCosineAnnealing(initialRate: 1, steps: 4, minimumRate: 0.2)
    #expect(areClose(try rates(wave, [0, 2, 4, 6, 8]), [1, 0.6, 0.2, 0.6, 1]))
    // Falls of 2, 6 and 18 steps.
    let restarts = TorchCosineRestarts(initialRate: 1, firstSteps: 2, factor: 3)
    #expect(areClose(try rates(restarts, [0, 1, 2, 5, 8, 17]), [1, 0.5, 1, 0.5, 1, 0.5]))
    let even = TorchCosineRestarts(initialRate: 1, firstSteps: 4)
    #expect(areClose(try rates(even, [2, 4, 6]), [0.5, 1, 0.5]))
  }

  /// Up in 4 steps, down in 2; a cycle later half as high.
  @Test func torchCyclesMoveTheMomentumTheOtherWay() throws {
    var schedule = TorchCyclic(
      baseRate: 0.1, maxRate: 0.5, stepsUp: 4, stepsDown: 2, mode: .halving)
    #expect(areClose(try rates(schedule, [0, 2, 4, 5, 6, 10]), [0.1, 0.3, 0.5, 0.3, 0.1, 0.3]))
    let momentum = try schedule.momentum(at: Tensor(Float(4)))?.scalar() ?? .nan
    #expect(areClose([momentum], [0.8]))
    schedule.mode = .exponential
    schedule.gamma = 0.5
    #expect(areClose(try rates(schedule, [2]), [0.15]))
    let made = try ScheduleRegistry.builtIn.schedule(
      "CyclicLR", configuration: ["base_lr": .number(1), "mode": .text("triangular2")])
    #expect((made.schedule as? TorchCyclic)?.mode == .halving)
  }

  @Test(arguments: [
    (
      TorchCosineRestarts(initialRate: 1, firstSteps: 3, factor: 1.5)
        as any LearningRateSchedule,
      "CosineAnnealingWarmRestarts: factor must be a whole number, 1 at least, but got 1.5."
    ),
    (
      TorchLinearFactor(initialRate: 1, startFactor: 2),
      "LinearLR: startFactor must be above 0, and 1 at most, but got 2.0."
    ),
    (
      ExponentialDecay(initialRate: 1, decaySteps: 0, decayRate: 1),
      "ExponentialDecay: decaySteps must be above 0, but got 0.0."
    ),
    (
      PiecewiseConstantDecay(boundaries: [1], values: [1]),
      "PiecewiseConstantDecay: values must be one more than boundaries, but got 1 for 1 boundaries."
    ),
  ])
  func badSettingsAreRefused(_ schedule: any LearningRateSchedule, _ message: String) {
    let error = #expect(throws: HyperparameterError.self) {
      var optimizer = SGD().scheduled(schedule)
      try optimizer.resolve(under: .strata)
    }
    #expect(error?.description == message)
  }

  /// A registered schedule can be made from the keys of files, and no file is without one.
  @Test func everyScheduleIsRegistered() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/StrataOptimizers/Schedules")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.count == ScheduleRegistry.builtIn.names.count)
    let made = try ScheduleRegistry.builtIn.schedule(
      "PolynomialDecay",
      configuration: [
        "initial_learning_rate": .number(1), "decay_steps": .number(5), "cycle": .flag(true),
        "pace": .number(1),
      ])
    #expect(made.unknownKeys == ["pace"])
    #expect(
      made.schedule as? PolynomialDecay
        == PolynomialDecay(initialRate: 1, decaySteps: 5, cycle: true))
  }
}
