import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

@Suite struct ReduceLROnPlateauTests {
  /// With patience 1 on a flat line, the first reduction comes in epoch 2 before 2.1.6 and in
  /// epoch 1 after.
  @Test(arguments: [("2.1.5", [0.1, 0.1, 0.05]), ("2.1.6", [0.1, 0.05, 0.025])])
  func reducesAfterThePatience(_ release: String, _ rates: [Float]) throws {
    let plateau = try ReduceLROnPlateau(factor: 0.5, patience: 1)
    plateau.resolve(under: .keras(try #require(Version(parsing: release))))
    let control = RecordingControl()
    plateau.trainBegin(control)
    var found: [Float] = []
    for epoch in 0..<3 {
      var logs = Logs(["val_loss": 1])
      try plateau.epochEnd(epoch, &logs, control)
      #expect(logs.keys == ["val_loss", "lr"])
      found.append(control.learningRate)
    }
    #expect(found == rates)
  }

  @Test func theCooldownPostponesTheNextReduction() throws {
    let control = RecordingControl()
    let plateau = try ReduceLROnPlateau(factor: 0.5, patience: 1, cooldown: 2)
    try control.run(plateau, [1, 1, 1, 1, 1], under: .keras("2.3.1"))
    // Reduced in epochs 1 and 3: the cooldown of 2 ends in epoch 3.
    #expect(control.learningRate == 0.025)
  }

  @Test func stopsAtTheMinimumAndSaysWhatItDoes() throws {
    let control = RecordingControl()
    let plateau = try ReduceLROnPlateau(patience: 1, minimumRate: 0.05, verbose: true)
    try control.run(plateau, [1, 1, 1, 1], under: .keras("2.2.4"))
    #expect(control.learningRate == 0.05)
    // 0.05 in single precision exceeds 0.05, so the release repeats itself at the floor.
    #expect(
      control.reports == [
        "Epoch 00002: reducing learning rate to 0.05.",
        "Epoch 00003: reducing learning rate to 0.05.",
        "Epoch 00004: reducing learning rate to 0.05.",
      ])
    let later = RecordingControl()
    let again = try ReduceLROnPlateau(patience: 1, minimumRate: 0.05, verbose: true)
    try later.run(again, [1, 1, 1, 1], under: .keras("3.15.1"))
    #expect(later.reports == ["Epoch 2: ReduceLROnPlateau reducing learning rate to 0.05."])
  }

  @Test func logsTheRateUnderTheNameOfTheRelease() throws {
    let plateau = try ReduceLROnPlateau()
    plateau.resolve(under: .keras("3.0.0"))
    var logs = Logs(["val_loss": 1])
    try plateau.epochEnd(0, &logs, RecordingControl())
    #expect(logs["learning_rate"] == Double(Float(0.1)))
  }

  @Test func rejectsAFactorOfOne() {
    let error = #expect(throws: HyperparameterError.self) { try ReduceLROnPlateau(factor: 1) }
    #expect(error?.description == "ReduceLROnPlateau: factor must be below 1, but got 1.0.")
  }

  @Test func aResumedTrainingReducesAtTheSameEpoch() throws {
    let first = try ReduceLROnPlateau(factor: 0.5, patience: 3)
    let control = RecordingControl()
    try control.run(first, [1, 1, 1], under: .keras("2.3.1"))
    #expect(control.learningRate == 0.1)
    let second = try ReduceLROnPlateau(configuration: first.configuration)
    try second.restore(first.state)
    try control.run(second, [1], under: .keras("2.3.1"), from: 3)
    #expect(control.learningRate == 0.05)
  }
}
