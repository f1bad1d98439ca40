import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

@Suite struct EarlyStoppingTests {
  /// The best value comes in epoch 1; every later one is worse.
  static let rising = [1.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]

  /// Epochs run with patience 2: one more before 2.0.9.
  @Test(arguments: [("0.3.3", 5), ("1.2.2", 5), ("2.0.8", 5), ("2.0.9", 4), ("3.15.1", 4)])
  func patienceIsOffByOneInOldReleases(_ release: String, _ epochs: Int) throws {
    let version = try #require(Version(parsing: release))
    let stopping = EarlyStopping(patience: 2)
    #expect(try RecordingControl().run(stopping, Self.rising, under: .keras(version)) == epochs)
  }

  /// Patience 0 stops after the first epoch in tf.keras 2.4 to 2.6 although it improved.
  @Test(arguments: [("2.3.1", 3), ("2.4.0", 1), ("2.7.0", 2), ("2.12.0", 3)])
  func patienceZeroChanges(_ release: String, _ epochs: Int) throws {
    let version = try #require(Version(parsing: release))
    #expect(
      try RecordingControl().run(EarlyStopping(), Self.rising, under: .tfKeras(version)) == epochs)
  }

  @Test func anImprovementMustExceedMinDelta() throws {
    let values = [1.0, 0.95, 0.93, 0.91]
    #expect(
      try RecordingControl().run(EarlyStopping(minDelta: 0.1), values, under: .keras("2.3.1")) == 2)
    #expect(
      try RecordingControl().run(EarlyStopping(minDelta: 0.01), values, under: .keras("2.3.1"))
        == 4)
  }

  @Test func aNaNIsNoImprovement() throws {
    #expect(
      try RecordingControl().run(EarlyStopping(), [.nan, .nan], under: .keras("2.3.1")) == 1)
  }

  @Test func beforeTheModeEverythingWasMinimised() throws {
    let stopping = EarlyStopping(monitor: "val_acc")
    #expect(
      try RecordingControl().run(stopping, "val_acc", [0.1, 0.2, 0.3], under: .keras("0.3.0")) == 2)
    #expect(
      try RecordingControl().run(
        EarlyStopping(monitor: "val_acc"), "val_acc", [0.1, 0.2, 0.3], under: .keras("0.3.1")) == 3)
  }

  @Test func restoresTheBestWeightsWhenThePatienceEnds() throws {
    for release: Version in ["2.3.1", "2.15.0", "3.15.1"] {
      let control = RecordingControl()
      try control.run(
        EarlyStopping(patience: 2, restoreBestWeights: true), Self.rising, under: .keras(release))
      #expect(control.weights == WeightSnapshot([[2]]), "\(release)")
    }
  }

  @Test func onlyKerasThreeRestoresWhenTheEpochsRunOut() throws {
    for (release, weight) in [("2.15.0", 4.0), ("3.0.0", 2.0)] as [(Version, Float)] {
      let control = RecordingControl()
      let stopping = EarlyStopping(patience: 5, restoreBestWeights: true)
      try control.run(stopping, Array(Self.rising.prefix(4)), under: .keras(release))
      #expect(control.weights == WeightSnapshot([[weight]]), "\(release)")
    }
  }

  @Test func speaksAtTheRightTimeAndCountsAsTheReleaseDid() throws {
    let values = [0.5, 0.6, 0.7]
    for (release, message) in [
      ("0.3.3", "Epoch 00001: early stopping"), ("1.2.2", "Epoch 00001: early stopping"),
      ("2.3.1", "Epoch 00002: early stopping"), ("3.15.1", "Epoch 2: early stopping"),
    ] as [(Version, String)] {
      let control = RecordingControl()
      try control.run(EarlyStopping(verbose: true), values, under: .keras(release))
      #expect(control.reports == [message], "\(release)")
    }
  }

  @Test func saysOnceThatTheMonitoredKeyIsMissing() throws {
    let control = RecordingControl()
    let stopping = EarlyStopping(monitor: "val_loss", mode: .min)
    #expect(try control.run(stopping, "loss", [1, 2, 3]) == 3)
    #expect(
      control.reports == [
        "EarlyStopping monitors \"val_loss\", which is not logged. Logged: loss."
      ])
  }

  @Test func anUnknownDirectionIsAnErrorInKerasThree() {
    let error = #expect(throws: HyperparameterError.self) {
      try RecordingControl().run(EarlyStopping(monitor: "score"), "score", [1])
    }
    #expect(
      error?.description
        == "EarlyStopping: mode must be min or max, because no metric of the model tells the "
        + "direction of \"score\", but got auto.")
  }

  @Test func aResumedTrainingDecidesAsIfItHadNotStopped() throws {
    let whole = RecordingControl()
    let stopping = EarlyStopping(patience: 3, restoreBestWeights: true)
    let epochs = try whole.run(stopping, Self.rising, under: .keras("2.3.1"))

    let first = EarlyStopping(patience: 3, restoreBestWeights: true)
    try RecordingControl().run(first, Array(Self.rising.prefix(3)), under: .keras("2.3.1"))
    let second = try EarlyStopping(configuration: first.configuration)
    try second.restore(first.state)
    let control = RecordingControl()
    let rest = try control.run(
      second, Array(Self.rising.dropFirst(3)), under: .keras("2.3.1"), from: 3)
    #expect(3 + rest == epochs)
    #expect(control.weights == whole.weights)
    #expect(second.stoppedEpoch == stopping.stoppedEpoch)
  }
}
