import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

@Suite struct LearningRateSchedulerTests {
  @Test func setsTheRateOfEachEpoch() throws {
    let control = RecordingControl()
    let scheduler = LearningRateScheduler { (epoch: Int) in 0.1 / Double(1 + epoch) }
    for epoch in 0..<3 {
      try scheduler.epochBegin(epoch, control)
      #expect(control.learningRate == Float(0.1 / Double(1 + epoch)))
    }
  }

  @Test(arguments: [("2.2.0", [] as [String]), ("2.2.3", ["lr"]), ("3.0.0", ["learning_rate"])])
  func logsTheRateFromTheReleaseThatDid(_ release: String, _ keys: [String]) throws {
    let scheduler = LearningRateScheduler { (_: Int) in 0.5 }
    try scheduler.resolve(under: .keras(#require(Version(parsing: release))))
    var logs = Logs()
    scheduler.epochEnd(0, &logs, RecordingControl())
    #expect(logs.keys == keys)
  }

  @Test func aScheduleOfTheRateNeedsARelease() throws {
    let scheduler = LearningRateScheduler(verbose: true) { (_: Int, rate: Double) in rate / 2 }
    let error = #expect(throws: HyperparameterError.self) {
      try scheduler.resolve(under: .keras("2.0.9"))
    }
    #expect(
      error?.description
        == "LearningRateScheduler: schedule must be a function of the epoch alone (the rate is "
        + "passed from 2.1.4 on), but got a function of the epoch and the rate under "
        + "keras-2.0.9+tensorflow-1.15.0.")
    try scheduler.resolve(under: .keras("2.2.4"))
    let control = RecordingControl()
    control.learningRate = 0.5
    try scheduler.epochBegin(0, control)
    #expect(control.learningRate == 0.25)
    #expect(
      control.reports == ["Epoch 00001: LearningRateScheduler setting learning rate to 0.25."])
  }
}

@Suite struct StepTests {
  @Test func theRateChangesAtTheStep() throws {
    let step = try Step(steps: [20, 30], rates: [1e-4, 1e-6, 1e-8])
    #expect([0, 19, 20, 29, 30, 99].map(step.rate(at:)) == [1e-4, 1e-4, 1e-6, 1e-6, 1e-8, 1e-8])
    let control = RecordingControl()
    step.epochBegin(20, control)
    #expect(control.learningRate == 1e-6)
  }

  @Test func aResumedScheduleIsLookedUpAtTheOffset() throws {
    let step = try Step(steps: [20], rates: [1e-4, 1e-6])
    let resumed = try Step(configuration: step.configuration, epochOffset: 15)
    let control = RecordingControl()
    resumed.epochBegin(4, control)
    #expect(control.learningRate == 1e-4)
    resumed.epochBegin(5, control)
    #expect(control.learningRate == 1e-6)
  }

  @Test func rejectsWhatDoesNotFit() {
    #expect(throws: HyperparameterError.self) { try Step(steps: [20], rates: [1]) }
    let error = #expect(throws: HyperparameterError.self) {
      try Step(steps: [20, 20], rates: [1, 2, 3])
    }
    #expect(error?.description == "Step: steps must be ascending, but got [20, 20].")
  }
}
